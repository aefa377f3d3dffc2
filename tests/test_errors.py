import pytest

from nmixx import errors
from nmixx.errors import InputError, MissingExtraError, NmixxError, StageError

FAMILY = [
    value
    for value in vars(errors).values()
    if isinstance(value, type) and issubclass(value, Exception)
]


@pytest.mark.parametrize("kind", FAMILY)
def test_every_error_is_caught_by_the_base(kind):
    assert issubclass(kind, NmixxError)


@pytest.mark.parametrize("kind", FAMILY)
def test_wrong_input_exits_with_two_and_failed_work_with_one(kind):
    assert kind.exit_code == (2 if issubclass(kind, InputError) else 1)


def test_failed_work_is_no_input_error():
    assert not issubclass(StageError, InputError)


def test_a_missing_package_names_its_own_install_line():
    message = str(MissingExtraError("kiwipiepy", "ko", "Splitting Korean sentences"))
    assert "'kiwipiepy'" in message
    assert "pip install 'nmixx[ko]'" in message
    assert "Splitting Korean sentences" in message


def test_the_docstring_draws_the_whole_family():
    for kind in FAMILY:
        assert kind.__name__ in str(errors.__doc__)
