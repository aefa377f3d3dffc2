from nmixx.training.neighbours import nearest_spelling


def test_the_neighbour_is_the_term_of_another_group_that_shares_most_letters():
    terms = [
        "영업이익",
        "영업손실",
        "영업이익률",
        "qux",
        "net interest income",
        "interest income",
    ]
    assert nearest_spelling(terms, list("abcdef")) == [2, 0, 0, None, 5, 4]


def test_terms_of_ones_own_group_are_passed_over():
    terms = ["interest income", "interest incomes", "interest", "won"]
    # The plural repeats a pair of letters of the last term, and so is nearer to it.
    assert nearest_spelling(terms, ["g", "g", "h", "i"]) == [2, 2, 1, None]


def test_no_terms_have_no_neighbours():
    assert nearest_spelling([], []) == []
