"""User code that the type checker reads as a user's would be; it is checked, not run."""

from pathlib import Path

from nmixx import (
    EmbeddingStore,
    NmixxError,
    SentenceEncoder,
    evaluate,
    load_model,
    make_triplets,
    mine_hard_negatives,
    read_recipe,
    run_recipe,
)
from nmixx.encoding import FloatArray
from nmixx.evaluation.settings import StsTask, Suite
from nmixx.mining import MiningSettings
from nmixx.mining.teachers import DenseOptions, Teacher, make_teacher
from nmixx.records import Document, Pair
from nmixx.testing import ReplayLLM
from nmixx.triplets import TripletSettings
from nmixx.triplets.llm import LlmSettings, make_llm_triplets


def run(recipe: Path, out: Path) -> list[str]:
    try:
        return [report.name for report in run_recipe(read_recipe(recipe, ["seed=1"]), out)]
    except NmixxError as error:
        return [str(error)]


def measure(name: str) -> float:
    suite = Suite(sts={"mine": StsTask(path="scored.jsonl")})
    return evaluate(SentenceEncoder.load(name), suite, model_name=name).tasks["mine"].value


def mine(pairs: list[Pair], out: Path) -> int:
    encoder = SentenceEncoder(load_model("BAAI/bge-m3"), precision="auto")
    vectors: FloatArray = EmbeddingStore(out / "store", encoder).encode(["금리"])
    settings = MiningSettings(margin=0.95, negatives=4, constraints=("same:category",))
    teacher: Teacher = make_teacher("BAAI/bge-m3", DenseOptions(out / "store"))
    second = make_teacher("nlpai-lab/KURE-v1", DenseOptions(out / "store", query_prompt="질문: "))
    found = mine_hard_negatives(pairs, [], teacher, settings, out, consensus=second, seed=1)
    hardest = max(found.negatives, key=lambda negative: negative.score).to_triplet()
    made = make_triplets(pairs, TripletSettings(maximum=100), out)
    return len(found.report()) + len(made.triplets) + len(vectors) + len(hardest.negative)


def write(documents: list[Document], out: Path) -> int:
    llm = LlmSettings(url="http://localhost:8000/v1", model="NAME", token_budget=2_000_000)
    settings = TripletSettings(llm=llm)
    double = ReplayLLM.from_journal(out / "answers.jsonl")
    result = make_llm_triplets(documents, settings, out, llm=double)
    result.require_finished()
    return len(result.triplets) + len(double.requests)
