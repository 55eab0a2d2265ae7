//! Whole numbers in words.

/// Zero to twenty; the place in the list is the number.
pub const TO_TWENTY: [&str; 21] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
];

/// The number that a word from `zero` to `twenty` says.
pub fn to_twenty(word: &str) -> Option<usize> {
    TO_TWENTY.iter().position(|w| *w == word)
}
