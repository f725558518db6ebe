//! What was typed into the search box, read: words of a name, birth dates, digits of a phone or an identifier.
//! Pure. Any text can be read; what makes no sense is left out.

use unicode_normalization::UnicodeNormalization;

use super::fold::{Folded, MAX_CHARS, Role, fold};

/// A query as read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Asked {
    pub name: Folded,
    /// The last word may go on: nothing was typed after it.
    pub typing: bool,
    /// Each must be met by the birth date, a phone or an identifier.
    pub numbers: Vec<Number>,
    /// Letters and digits together without signs, as an identifier would be written; empty when no digit was typed.
    pub identifier: String,
}

/// A group of digits and all it may mean.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Number {
    /// Digits only, at most 20.
    pub digits: String,
    /// Birth dates it may stand for, likeliest first: `1959`, `195906` or `19590618`.
    pub dates: Vec<String>,
}

impl Number {
    /// The spellings of the digits under which a phone may be stored: as typed, without the trunk or exit zeros, and without
    /// whatever country code stands before the last eight digits.
    pub fn fragments(&self) -> Vec<&str> {
        let digits = self.digits.as_str();
        let mut fragments = Vec::new();
        if digits.len() >= 3 {
            fragments.push(digits);
            let bare = digits.trim_start_matches('0');
            if bare.len() >= 4 && bare.len() < digits.len() {
                fragments.push(bare);
            }
            if digits.len() >= 10 {
                fragments.push(&digits[digits.len() - 8..]);
            }
        }
        fragments
    }
}

/// Reads a query.
pub(crate) fn read(query: &str) -> Asked {
    let text: String = query.chars().take(MAX_CHARS).nfkc().map(ascii_digit).take(2 * MAX_CHARS).collect();
    let chunks: Vec<&str> = text.split_whitespace().collect();
    let lettered = text.chars().any(|c| c.is_alphabetic());
    let mut asked = Asked { typing: text.chars().last().is_some_and(|c| !c.is_whitespace() && c != ','), ..Asked::default() };
    if text.bytes().any(|b| b.is_ascii_digit()) {
        asked.identifier = identifier(&text);
    }
    if lettered {
        let mut words = Vec::new();
        let mut mixed = Vec::new();
        for chunk in &chunks {
            let has_digit = chunk.bytes().any(|b| b.is_ascii_digit());
            let has_letter = chunk.chars().any(char::is_alphabetic);
            if has_digit && has_letter {
                mixed.push(*chunk);
            } else if has_digit {
                asked.numbers.push(number(chunk, true));
            } else {
                words.push(*chunk);
            }
        }
        if words.is_empty() {
            // An identifier with a letter in it, or a name with a digit: both are looked for.
            words = mixed;
        }
        asked.name = fold(&words.join(" "));
        asked.numbers.retain(|number| number.digits.len() >= 3);
        asked.numbers.truncate(3);
        asked.typing &= chunks.last().is_some_and(|chunk| chunk.chars().any(char::is_alphabetic));
        if asked.typing {
            settle_last(&mut asked.name);
        }
    } else if !asked.identifier.is_empty() {
        let mut whole = number(&chunks.join(" "), false);
        // "012-345 6789 1959": a phone and a year are rarely typed together; but a date and more digits are.
        if whole.dates.is_empty() && chunks.len() > 1 {
            whole = Number { digits: whole.digits, dates: Vec::new() };
        }
        asked.numbers.push(whole);
    }
    asked
}

/// Letters and digits only, lower case, as identifiers are stored for the search. At most 40.
pub(crate) fn identifier(text: &str) -> String {
    text.nfkc().map(ascii_digit).filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).take(40).collect()
}

/// Digits only of a phone number, an extension included. At most 24.
pub(crate) fn digits(text: &str) -> String {
    text.nfkc().map(ascii_digit).filter(char::is_ascii_digit).take(24).collect()
}

/// A stored birth date (`YYYY`, `YYYY-MM` or `YYYY-MM-DD`) without dashes; empty when it is none.
pub(crate) fn birth_digits(date: &str) -> String {
    let digits = digits(date);
    let sound = match digits.len() {
        4 => is_year(&digits),
        6 => is_year(&digits[..4]) && is_month(&digits[4..]),
        8 => valid_date(&digits),
        _ => false,
    };
    if sound { digits } else { String::new() }
}

/// `bin` at the end of what is typed may become `Binod`: it is a word until something follows it.
fn settle_last(name: &mut Folded) {
    if name.core().count() == 0
        && let Some(last) = name.words.last_mut()
    {
        last.role = Role::Core;
    }
}

fn number(text: &str, beside_name: bool) -> Number {
    let groups: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).collect();
    let digits: String = groups.concat().chars().take(20).collect();
    let plus = text.trim_start().starts_with('+');
    let mut dates = Vec::new();
    match groups.as_slice() {
        _ if plus => {}
        [year, month, day] if year.len() == 4 => add(&mut dates, year, month, day),
        [first, second, year] if year.len() == 4 => {
            add(&mut dates, year, second, first);
            add(&mut dates, year, first, second);
        }
        [first, second, third] if first.len() <= 2 && second.len() <= 2 && third.len() == 2 => {
            for century in ["19", "20"] {
                add(&mut dates, &format!("{century}{third}"), second, first);
            }
            for century in ["19", "20"] {
                add(&mut dates, &format!("{century}{first}"), second, third);
                add(&mut dates, &format!("{century}{third}"), first, second);
            }
        }
        [year, month] if year.len() == 4 && month.len() <= 2 => add_month(&mut dates, year, month),
        [month, year] if year.len() == 4 && month.len() <= 2 => add_month(&mut dates, year, month),
        [one] => undivided(&mut dates, one, beside_name),
        _ => {}
    }
    dates.dedup();
    Number { digits, dates }
}

fn undivided(dates: &mut Vec<String>, digits: &str, beside_name: bool) {
    match digits.len() {
        4 if is_year(digits) => dates.push(digits.to_owned()),
        6 => {
            for century in ["19", "20"] {
                add(dates, &format!("{century}{}", &digits[..2]), &digits[2..4], &digits[4..]);
            }
            for century in ["19", "20"] {
                add(dates, &format!("{century}{}", &digits[4..]), &digits[2..4], &digits[..2]);
            }
            if beside_name && is_year(&digits[..4]) {
                add_month(dates, &digits[..4], &digits[4..]);
            }
        }
        8 => {
            add(dates, &digits[..4], &digits[4..6], &digits[6..]);
            add(dates, &digits[4..], &digits[2..4], &digits[..2]);
            add(dates, &digits[4..], &digits[..2], &digits[2..4]);
        }
        _ => {}
    }
}

fn add(dates: &mut Vec<String>, year: &str, month: &str, day: &str) {
    let date = format!("{year}{month:0>2}{day:0>2}");
    if valid_date(&date) && !dates.contains(&date) {
        dates.push(date);
    }
}

fn add_month(dates: &mut Vec<String>, year: &str, month: &str) {
    let month = format!("{month:0>2}");
    if is_year(year) && is_month(&month) {
        dates.push(format!("{year}{month}"));
    }
}

fn valid_date(date: &str) -> bool {
    date.len() == 8 && is_year(&date[..4]) && is_month(&date[4..6]) && date[6..].parse::<u8>().is_ok_and(|day| (1..=31).contains(&day))
}

fn is_year(digits: &str) -> bool {
    digits.len() == 4 && digits.parse::<u16>().is_ok_and(|year| (1880..=2100).contains(&year))
}

fn is_month(digits: &str) -> bool {
    digits.len() == 2 && digits.parse::<u8>().is_ok_and(|month| (1..=12).contains(&month))
}

/// Digits of any script as 0-9 (`০` is 0).
fn ascii_digit(c: char) -> char {
    if c.is_ascii() || !c.is_numeric() {
        return c;
    }
    let latin = any_ascii::any_ascii_char(c).as_bytes();
    match latin {
        [digit] if digit.is_ascii_digit() => char::from(*digit),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dates(query: &str) -> Vec<String> {
        read(query).numbers.into_iter().flat_map(|number| number.dates).collect()
    }

    #[test]
    fn a_birth_date_is_read_in_the_forms_people_write() {
        for query in ["1959-06-18", "18/06/1959", "18.6.59", "590618", "19590618", "18061959", "18-6-1959", "06/18/1959", "১৯৫৯-০৬-১৮"]
        {
            assert!(dates(query).contains(&"19590618".to_owned()), "{query}: {:?}", dates(query));
        }
        assert_eq!(dates("Murugan 1959"), ["1959"]);
        assert_eq!(dates("1959-06"), ["195906"]);
        assert!(dates("31/13/1959").is_empty());
        assert!(dates("+60 13 25").is_empty());
    }

    #[test]
    fn digits_are_a_phone_with_or_without_its_country() {
        let number = &read("+60 13-257 4730").numbers[0];
        assert_eq!(number.fragments(), ["60132574730", "32574730"]);
        assert_eq!(read("013 257 4730").numbers[0].fragments(), ["0132574730", "132574730", "32574730"]);
        assert!(read("+60 13-257 4730").numbers[0].dates.is_empty());
    }

    #[test]
    fn an_identifier_has_no_signs() {
        assert_eq!(read("431206-13-8376").identifier, "431206138376");
        assert_eq!(read("a 1234-b").identifier, "a1234b");
        assert_eq!(read("Ahmad").identifier, "");
    }

    #[test]
    fn the_last_word_goes_on_until_something_follows() {
        assert!(read("Lee Bo").typing);
        assert!(!read("Lee Bo ").typing);
        assert!(!read("Lee 1959").typing);
    }

    #[test]
    fn hostile_text_is_read_as_nothing_worse_than_words() {
        for query in ["", "\0", "\"", "* OR (", "NEAR(a b)", "'; DROP TABLE patient; --", "🤷‍♀️", "\u{202e}abc", "-", "a/l", "٣", "½", "Ⅷ 12"]
        {
            let asked = read(query);
            assert!(asked.name.words.iter().all(|word| word.latin.bytes().all(|b| b.is_ascii_alphanumeric())), "{query}");
        }
        assert!(read(&"1".repeat(100_000)).numbers[0].digits.len() <= 20);
    }
}
