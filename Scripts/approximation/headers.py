"""Where numbers stand in the kernels' headers."""
import re
from pathlib import Path

from mpmath import mpf

from approximation import rounded

KERNELS = Path(__file__).resolve().parents[2] / "Modules/CKernels"
NUMBER = r"(?:-\s?)?(?<![\w.])(?:0x[\da-f.]+p[+-]?\d+|\d+\.\d*(?:e[+-]?\d+)?{})f?"
REAL, ELEMENT = re.compile(NUMBER.format("")), re.compile(NUMBER.format(r"|\d+"))


def parsed(text):
    text = text.replace(" ", "").removesuffix("f")
    if "x" not in text:
        return mpf(text)
    sign, digits, exponent = re.fullmatch(r"(-?)0x([\da-f.]+)p([+-]?\d+)", text).groups()
    whole, _, fraction = digits.partition(".")
    return mpf(int(sign + whole + fraction, 16)) * mpf(2) ** (int(exponent) - 4 * len(fraction))


def spelled(number, old):
    """As the old text was: hexadecimal or decimal, with the same suffix and space after the sign."""
    suffix = "f" if old.endswith("f") else ""
    if number == int(number) and "." not in old:
        text = str(int(number))
    elif "0x" in old:
        text = re.sub(r"\.?0+p", "p", float(number).hex())
    else:
        text = f"{float(number):.10g}" if suffix else repr(float(number))
        text = text.replace("e-0", "e-")
    return (text.replace("-", "- ", 1) if re.match(r"-\s", old) else text) + suffix


class Place:
    """The numbers of a macro, a function, an array, or of an array within a function: `function.array`.

    In a function that computes a polynomial by Horner's rule, coefficients stand from the last one to the constant one, and
    no other number has a decimal point.
    """

    def __init__(self, file, name, occurrence=0):
        self.path = KERNELS / file
        self.text = self.path.read_text()
        self.start, self.end, is_polynomial, number = self.region(name, occurrence)
        self.spans = [match.span() for match in number.finditer(self.text, self.start, self.end)]
        if is_polynomial:
            self.spans.reverse()

    def region(self, name, occurrence):
        if macro := re.search(rf"^#define {name} (.*)$", self.text, re.M):
            return *macro.span(1), False, ELEMENT
        outer, _, array = name.rpartition(".")
        scope = self.function(outer) if outer else (0, len(self.text))
        arrays = [*re.compile(rf"\b{array}\[\d+\] = \{{([^}}]*)\}}").finditer(self.text, *scope)]
        if arrays:
            return *arrays[occurrence].span(1), False, ELEMENT
        return *self.function(name), True, REAL

    def function(self, name):
        found = re.search(rf"^INLINE (?:\w+ )?{name}\([^)]*\) \{{(.*?)(?:^\}}|\}}$)", self.text, re.M | re.S)
        if not found:
            raise SystemExit(f"{self.path} has no {name}")
        return found.span(1)

    def numbers(self):
        return [parsed(self.text[start:end]) for start, end in self.spans]

    def rewritten(self, numbers, bits):
        """The header's text with these numbers; those that are equal as the kernel reads them stay as they are spelled."""
        text = self.text
        for (start, end), new in sorted(zip(self.spans, numbers, strict=True), reverse=True):
            old = text[start:end]
            if rounded(parsed(old), bits) != new:
                text = text[:start] + spelled(new, old) + text[end:]
        return text

    def with_numbers(self, numbers, bits):
        """The place in C."""
        text = self.rewritten(numbers, bits)
        return text[self.start:len(text) - (len(self.text) - self.end)]

    def write(self, numbers, bits):
        self.path.write_text(self.rewritten(numbers, bits))

    def sentence(self, before, after):
        """The last match of before, a number and after above the place; the number is the group 1."""
        sentences = re.finditer(rf"{re.escape(before)}(\d(?:[\d.e-]*\d)?){re.escape(after)}", self.text[:self.start])
        return max(sentences, key=lambda match: match.start(), default=None)

    def write_sentence(self, around, number):
        start, end = self.sentence(*around).span(1)
        self.path.write_text(self.text[:start] + number + self.text[end:])
