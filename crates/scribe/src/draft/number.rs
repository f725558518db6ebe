//! Numbers as said or written, so that "twenty five", "25" and "25.0" can be compared.
//!
//! Must never round: values are compared as decimal strings.

use std::collections::BTreeSet;

fn small(word: &str) -> Option<u64> {
    const ONES: [&str; 20] = [
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
    ];
    const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    if let Some(n) = ONES.iter().position(|o| *o == word) {
        return Some(n as u64);
    }
    TENS.iter().position(|t| *t == word).map(|n| 10 * (n as u64 + 2))
}

fn scale(word: &str) -> Option<u64> {
    match word {
        "hundred" => Some(100),
        "thousand" => Some(1000),
        "million" => Some(1_000_000),
        _ => None,
    }
}

/// True for digits (`1,000`, `120/80`, `7.4`) and number words.
pub fn is_number(word: &str) -> bool {
    let word = word.to_lowercase();
    word.starts_with(|c: char| c.is_ascii_digit()) || small(&word).is_some() || scale(&word).is_some()
}

fn plain(digits: &str) -> String {
    let digits = digits.replace(',', "");
    let digits = if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.').to_owned() } else { digits };
    let trimmed = digits.trim_start_matches('0');
    if trimmed.is_empty() || trimmed.starts_with('.') { format!("0{trimmed}") } else { trimmed.to_owned() }
}

/// Digit groups inside a word (`120/80` -> 120, 80; `l5` -> 5).
fn digit_groups(word: &str) -> Vec<String> {
    word.split(|c: char| !(c.is_ascii_digit() || c == '.' || c == ','))
        .map(|g| g.trim_matches(['.', ',']))
        .filter(|g| g.starts_with(|c: char| c.is_ascii_digit()))
        .map(plain)
        .collect()
}

/// The numbers a text states, each as one value: "one hundred and five" is 105, not 1, 100 and 5.
pub fn stated<S: AsRef<str>>(words: &[S]) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    scan(words, &mut out, false);
    out
}

/// Every number that can fairly be read from a text: wholes and parts. What a sentence may state must be in here.
pub fn readable<S: AsRef<str>>(words: &[S]) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    scan(words, &mut out, true);
    out
}

fn scan<S: AsRef<str>>(words: &[S], out: &mut BTreeSet<String>, parts: bool) {
    let mut total: u64 = 0;
    let mut group: Option<u64> = None;
    let flush = |total: &mut u64, group: &mut Option<u64>, out: &mut BTreeSet<String>| {
        if let Some(g) = group.take() {
            out.insert((*total + g).to_string());
        } else if *total > 0 {
            out.insert(total.to_string());
        }
        *total = 0;
    };
    for (i, word) in words.iter().enumerate() {
        for part in word.as_ref().to_lowercase().split('-') {
            if let Some(value) = small(part) {
                if parts {
                    out.insert(value.to_string());
                }
                match group {
                    Some(g) if g >= 20 && g % 10 == 0 && (value > 0 && value < 10 || g % 100 == 0 && value < 100) => {
                        group = Some(g + value)
                    }
                    Some(_) => {
                        flush(&mut total, &mut group, out);
                        group = Some(value);
                    }
                    None => group = Some(value),
                }
            } else if let Some(by) = scale(part) {
                if by == 100 {
                    group = Some(group.unwrap_or(1).saturating_mul(100));
                } else {
                    total = total.saturating_add(group.take().unwrap_or(1).saturating_mul(by));
                }
            } else if part == "and"
                && (group.is_some_and(|g| g % 100 == 0 && g > 0) || total > 0)
                && words.get(i + 1).is_some_and(|w| small(w.as_ref()).is_some())
            {
                // one hundred and five
            } else {
                flush(&mut total, &mut group, out);
                out.extend(digit_groups(part));
                if parts {
                    // `1,000` may also be read as its pieces by a stricter reader.
                    out.extend(part.split(|c: char| !c.is_ascii_digit()).filter(|g| !g.is_empty()).map(plain));
                }
            }
        }
    }
    flush(&mut total, &mut group, out);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str) -> Vec<String> {
        stated(&text.split(' ').collect::<Vec<_>>()).into_iter().collect()
    }

    #[test]
    fn words_and_digits_mean_the_same() {
        assert_eq!(set("twenty five"), ["25"]);
        assert_eq!(set("twenty-five"), ["25"]);
        assert_eq!(set("five hundred milligrams"), ["500"]);
        assert_eq!(set("one hundred and five"), ["105"]);
        assert_eq!(set("two thousand five hundred"), ["2500"]);
        assert_eq!(set("1,000 mg"), ["1000"]);
        assert_eq!(set("120/80 and 98.60"), ["120", "80", "98.6"]);
        assert_eq!(set("seven five"), ["5", "7"]);
        assert_eq!(set("zero"), ["0"]);
    }

    #[test]
    fn a_reader_may_take_parts_but_a_statement_may_not_invent_wholes() {
        let said: Vec<&str> = "five and twenty".split(' ').collect();
        assert!(!readable(&said).contains("25"));
        assert!(readable(&["twenty", "five"]).contains("5"));
    }
}
