"use strict";
(() => {
  const { rows, shifts, threshold } = JSON.parse(document.getElementById("data").textContent);
  const form = document.getElementById("filters");
  const list = document.getElementById("list");
  const more = document.getElementById("more");
  const PAGE = 50;
  const spaced = (name) => name.replaceAll("_", " ");
  let found = [];
  let shown = 0;

  // Every text goes in as a text node: nothing in a triplet can become markup.
  function element(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) node.setAttribute(name, value);
    node.append(...children);
    return node;
  }

  function marked(stretches) {
    const tags = { gone: "del", new: "ins" };
    const nodes = [];
    stretches.forEach(([kind, text], at) => {
      const kept = text.trimEnd();
      nodes.push(kind in tags && kept ? element(tags[kind], null, kept) : kept);
      const next = stretches[at + 1];
      if (kept.length < text.length) nodes.push(text.slice(kept.length));
      else if (kind === "gone" && next && next[0] === "new") nodes.push("\u2009");
    });
    return nodes;
  }

  function line(name, lang, children) {
    return element("div", null,
      element("dt", null, name, element("small", null, lang)),
      element("dd", { lang }, ...children));
  }

  function card(row) {
    const share = `${Math.round(row.confidence * 100)}%`;
    const bar = element("i", { "aria-hidden": "true" }, element("span", { style: `width:${share}` }));
    const sure = element("span", { class: "sure", title: `weakest of ${row.checks} checks` },
      bar, element("b", null, row.confidence.toFixed(2)));
    const head = element("p", { class: "head" },
      element("strong", null, spaced(row.shift)),
      element("span", null, row.category),
      element("span", null, row.direction.replace("-", " → ")),
      element("span", null, row.kind),
      sure);
    const body = element("dl", null,
      line("anchor", row.langs[0], [row.anchor]),
      line("positive", row.langs[1], marked(row.positive)),
      line("negative", row.langs[2], marked(row.negative)));
    const state = row.reason ? "dropped" : row.confidence < 1 ? "doubted" : "sure-of";
    const article = element("article", { class: state }, head, body);
    const doubts = Object.entries(row.doubts).map(([name, score]) => `${spaced(name)} ${score.toFixed(2)}`);
    if (row.reason || doubts.length) {
      const notes = element("p", { class: "notes" });
      if (row.reason) notes.append(element("span", { class: "reason" }, row.reason));
      if (doubts.length) notes.append(element("span", { class: "doubt" }, doubts.join(" · ")));
      notes.append(` ${row.provenance}`);
      article.append(notes);
    }
    return article;
  }

  function extend() {
    list.append(...found.slice(shown, shown + PAGE).map(card));
    shown = Math.min(found.length, shown + PAGE);
    more.hidden = shown >= found.length;
    more.textContent = `Show ${Math.min(PAGE, found.length - shown)} more`;
  }

  const orders = {
    up: (a, b) => a.confidence - b.confidence,
    down: (a, b) => b.confidence - a.confidence,
    near: (a, b) => Math.abs(a.confidence - threshold) - Math.abs(b.confidence - threshold),
  };

  function apply() {
    const chosen = Object.fromEntries(new FormData(form));
    const low = Math.min(chosen.low, chosen.high);
    const high = Math.max(chosen.low, chosen.high);
    form.elements.from.value = low.toFixed(2);
    form.elements.to.value = high.toFixed(2);
    const text = chosen.text.trim().toLowerCase();
    const columns = ["shift", "category", "direction", "reason"].filter((name) => chosen[name]);
    const status = (row) => (row.reason ? "dropped" : "kept");
    const plain = (stretches) => stretches.filter(([kind]) => kind !== "gone").map(([, part]) => part).join("");
    found = rows.filter((row) =>
      columns.every((name) => row[name] === chosen[name]) &&
      (!chosen.status || status(row) === chosen.status) &&
      row.confidence >= low && row.confidence <= high &&
      (!text || [row.anchor, plain(row.positive), plain(row.negative)].some((part) => part.toLowerCase().includes(text))));
    if (chosen.order) found.sort(orders[chosen.order]);
    list.replaceChildren();
    shown = 0;
    extend();
    document.getElementById("count").textContent =
      `${found.length.toLocaleString("en")} ${found.length === 1 ? "triplet" : "triplets"}`;
    document.getElementById("definition").textContent =
      chosen.shift in shifts ? `${spaced(chosen.shift)}: ${shifts[chosen.shift]}` : "";
    document.getElementById("empty").hidden = found.length > 0;
    document.getElementById("reset").hidden = found.length === rows.length && !chosen.order;
  }

  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  more.addEventListener("click", extend);
  apply();
})();
