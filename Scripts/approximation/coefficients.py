"""Makes the tables in the kernels' headers, and measures their errors; see Scripts/coefficients."""
import sys
from decimal import ROUND_UP, Context, Decimal

from mpmath import nstr

from tables import ROWS


def upper(error):
    """Two digits, rounded up."""
    return f"{Context(prec=2, rounding=ROUND_UP).create_decimal(Decimal(nstr(error, 10))):.1e}".replace("e-0", "e-")


def main():
    options = [argument for argument in sys.argv[1:] if argument.startswith("--")]
    names = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    if options not in ([], ["--check"], ["--write"]):
        sys.exit("usage: coefficients.py [--check | --write] [NAME...]")
    differs = False
    for row in ROWS:
        if names and not any(name in row.title for name in names):
            continue
        written, numbers = row.written(), row.numbers()
        equal = written == numbers
        how = ("as made" if equal else "DIFFERS") if row.made else "kept"
        text = f"{row.title}: {how}"
        sentence = None
        if row.measure:
            error, ratio = row.measure(numbers)
            text += f", error {upper(error)}, {nstr(ratio, 3)} times the least before rounding"
            if not row.made:
                text += f" (made here: {upper(row.measure(row.compute(written))[0])})"
            sentence = row.places()[0].sentence(*row.says.split("{}"))
            if not sentence:
                sys.exit(f"{text}, which no comment says as {row.says!r}")
            if sentence[1] != upper(error):
                text += f", where the comment says {sentence[1]}"
                equal = False
        print(text, flush=True)
        if not options:
            for place, list_of_numbers in zip(row.places(), numbers):
                print(place.with_numbers(list_of_numbers, row.bits))
        if options == ["--write"] and not equal:
            for i, list_of_numbers in enumerate(numbers):
                row.places()[i].write(list_of_numbers, row.bits)
            if sentence:
                row.places()[0].write_sentence(row.says.split("{}"), upper(error))
        differs = differs or not equal
    sys.exit(1 if differs and options == ["--check"] else 0)


main()
