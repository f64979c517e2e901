"""Texts and tables as people have them: every form of one table is that table, every mistake has its line."""

import re
from pathlib import Path

import numpy as np
import pytest

from arguments import read_table, read_text

TABLE = "T,C,C_error\n0.5,1.25,0.01\n1,2e0,.02\n2,-4.5,0.04\n"
VALUES = {"T": [0.5, 1.0, 2.0], "C": [1.25, 2.0, -4.5], "C_error": [0.01, 0.02, 0.04]}
FORMS = {
    "plain": TABLE,
    "tabs": TABLE.replace(",", "\t"),
    "blanks": TABLE.replace(",", "   "),
    "semicolons": TABLE.replace(",", ";"),
    "semicolons and decimal commas": TABLE.replace(",", ";").replace(".", ","),
    "tabs and decimal commas": TABLE.replace(",", "\t").replace(".", ","),
    "blanks and decimal commas": TABLE.replace(",", " ").replace(".", ","),
    "quoted decimal commas": re.sub(r"-?[\d.]+e?\d*", lambda m: f'"{m[0].replace(".", ",")}"', TABLE),
    "blanks after commas": TABLE.replace(",", ", ").replace("\n", "  \n"),
    "quoted names": TABLE.replace("T,C,C_error", '"T", "C" ,"C_error"'),
    "comments": "# measured in May\n\n% at 300 K\n" + TABLE.replace("\n1,", "\n# a break\n1,"),
    "names in a comment": "# of glass\n# " + TABLE,
    "empty lines": TABLE.replace("\n", "\n\n"),
    "lines of separators": TABLE.replace("\n", "\n,,,\n"),
    "separators at the end": TABLE.replace("\n", ",\n"),
    "other columns": "".join(f"{line},{word}\n" for line, word in zip(TABLE.split(), "abcd", strict=True)),
    "another order": "C_error,C,T\n0.01,1.25,0.5\n.02,2e0,1\n0.04,-4.5,2\n",
    "no end of the last line": TABLE.rstrip(),
    "old Macintosh": TABLE.replace("\n", "\r"),
    "Windows": TABLE.replace("\n", "\r\n"),
}
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1")


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_table_is_the_table(form: str, tmp_path: Path) -> None:
    path = tmp_path / "glass.csv"
    path.write_bytes(FORMS[form].encode())
    table = read_table(path, ["T", "C"], optional=["C_error", "weight"])
    assert {name: values.tolist() for name, values in table.columns.items()} == VALUES


NAMED = {  # the line that names frequency and sample, and the unit of frequency that is found
    "omega,sample": "",
    "Omega (THz),Sample": "THz",
    "frequency [cm^-1],sample": "cm^-1",
    "omega [ rad / ps ]\tSAMPLE": "rad / ps",
    "freq [rad / ps] sample": "rad / ps",
    "freq (rad / ps)   sample": "rad / ps",
    '"omega (THz)";"sample"': "THz",
    "# omega [THz] sample": "THz",
    "# 12 glasses, 3 modes each": "",
    "": "",
}


@pytest.mark.parametrize("heading", NAMED)
def test_a_column_is_known_by_its_other_names_and_has_its_unit(heading: str, tmp_path: Path) -> None:
    mark = next((one for one in ";\t," if one in heading and heading[0] != "#"), " ")
    path = tmp_path / "modes.csv"
    path.write_text(f"{heading}\n0.5{mark}3\n0.75{mark}4\n")
    table = read_table(
        path, ["frequency"], optional=["sample"], also={"frequency": ["omega", "freq"], "sample": []},
        unnamed=["frequency", "sample"],
    )  # fmt: skip
    assert {name: values.tolist() for name, values in table.columns.items()} == {
        "frequency": [0.5, 0.75],
        "sample": [3.0, 4.0],
    }
    assert table.units == ({"frequency": NAMED[heading]} if NAMED[heading] else {})


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding_of_a_text_is_the_text(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "glass.csv"
    text = "# gemessen von Jürgen bei 20 °C, Kühlung 1 µK\n" + TABLE
    path.write_bytes(text.replace("\n", "\r\n").encode(encoding))
    assert read_text(path) == text
    np.testing.assert_array_equal(read_table(path, ["T"]).columns["T"], VALUES["T"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "has no columns; the first line must name T, C"),
        ("# only a comment\n", "has no columns; the first line must name T, C"),
        ("1,2\n3,4\n", "line 1: has no column T; the first line must name T, C"),
        ("T,c\n1,2\n", "line 1: has no column C; the first line must name T, C"),
        ("T,C,T\n1,2,3\n", "line 1: names column T twice"),
        ("T,C\n", "has no rows"),
        ("\n#x\nT,C\n1,2\n\n1,zwei\n", "line 6: C = 'zwei': must be a number"),
        ("T,C\n1,1_000\n", "line 2: C = '1_000': must be a number"),
        ("T,C\n1\n", "line 2: C = '': must be a number"),
        ("T,C\n1,2,3\n", "line 2: has 3 entries, more than the 2 columns"),
        ("T,C\n0,5,1,2\n", "line 2: has 4 entries, more than the 2 columns"),
        ("T;C\n0.5;1,234\n", "line 2: C = '1,234': has a comma, where other numbers have a point"),
        ("T;C\n0,5;1.234,5\n", "line 2: T = '0,5': has a comma, where other numbers have a point"),
        ('T,C\n1,"' + "9" * 200_000 + "\n", "line 2: field larger than field limit"),
        ("T,C\n" + "\0" * 5, "is no text file"),
    ],
)
def test_a_mistake_is_named_with_its_line(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "glass.csv"
    path.write_text(text)
    with pytest.raises(ValueError, match="^" + re.escape(f"{path}: {message}")) as caught:
        read_table(path, ["T", "C"])
    assert len(str(caught.value)) < 300


def test_a_value_out_of_range_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "glass.csv"
    path.write_text("\n".join(["# a", "T", "1", "", "1e999"]))
    table = read_table(path, ["T"])
    with pytest.raises(ValueError, match=re.escape(f"{path}: line 5: T = inf: must be finite and > 0")):
        table.require("T", above=0.0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 2 3\n", "line 1: 3 columns without names, not 1 (frequency); the first line must name frequency"),
        ("omega,freq\n1,2\n", "line 1: names column frequency twice"),
        ("nu\n1\n", "line 1: has no column frequency"),
    ],
)
def test_names_that_do_not_tell_the_columns_are_refused(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "modes.csv"
    path.write_text(text)
    with pytest.raises(ValueError, match="^" + re.escape(f"{path}: {message}")):
        read_table(path, ["frequency"], also={"frequency": ["omega", "freq"]}, unnamed=["frequency"])


@pytest.mark.parametrize(
    "heading",
    ["T (mK),C (J/(mol K))", "T (mK)  C (J/(mol K))", "T/mK;C/(J/(mol K))", "T/mK\tC [J/(mol K)]\tC/T^3",
     "# T [mK] C [J/(mol K)]"],
)  # fmt: skip
def test_units_have_brackets_slashes_and_blanks_in_them(heading: str, tmp_path: Path) -> None:
    mark = next((one for one in ";\t," if one in heading), " ")
    path = tmp_path / "glass.csv"
    path.write_text(f"{heading}\n1{mark}2\n")
    table = read_table(path, ["T", "C"])
    assert table.units == {"T": "mK", "C": "J/(mol K)"}
    assert (table.columns["T"].tolist(), table.columns["C"].tolist()) == ([1.0], [2.0])


def test_words_and_gaps(tmp_path: Path) -> None:
    path = tmp_path / "wells.csv"
    path.write_text("label,b2,error\nfirst one,1,\n7,2,0.5\n")
    table = read_table(path, ["b2"], optional=["label", "error"], text=["label"], blank=["error"])
    assert table.words == {"label": ["first one", "7"]}
    np.testing.assert_array_equal(table.require("error", above=0.0, missing=True), [np.nan, 0.5])
    with pytest.raises(ValueError, match=re.escape("line 2: error = nan: must be finite and > 0")):
        table.require("error", above=0.0)
    with pytest.raises(ValueError, match=re.escape("line 2: error = '': must be a number")):
        read_table(path, ["b2", "error"])


def test_the_last_columns_of_a_file_without_names_may_be_missing(tmp_path: Path) -> None:
    path = tmp_path / "glass.csv"
    path.write_text("1,2\n3,4\n")
    table = read_table(path, ["T", "C"], optional=["C_error"], unnamed=["T", "C", "C_error"])
    assert {name: values.tolist() for name, values in table.columns.items()} == {"T": [1, 3], "C": [2, 4]}


def test_an_endless_file_ends() -> None:
    with pytest.raises(ValueError, match="/dev/zero: is larger than 64 MiB"):
        read_text("/dev/zero")
