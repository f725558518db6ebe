//! The primitive types of R4 (hl7.org/fhir/R4/datatypes.html): JSON type, regular expression and calendar.
//!
//! Written by hand instead of with the specification's regular expressions, which accept 30 February.

use super::fault::{PrimitiveFault, Shape};
use super::json::Json;
use super::xhtml;

/// A primitive type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Primitive {
    Base64Binary,
    Boolean,
    Canonical,
    Code,
    Date,
    DateTime,
    Decimal,
    Id,
    Instant,
    Integer,
    Markdown,
    Oid,
    PositiveInt,
    String,
    Time,
    UnsignedInt,
    Uri,
    Url,
    Uuid,
    Xhtml,
}

use Primitive as P;

const NAMES: [(&str, Primitive); 20] = [
    ("base64Binary", P::Base64Binary),
    ("boolean", P::Boolean),
    ("canonical", P::Canonical),
    ("code", P::Code),
    ("date", P::Date),
    ("dateTime", P::DateTime),
    ("decimal", P::Decimal),
    ("id", P::Id),
    ("instant", P::Instant),
    ("integer", P::Integer),
    ("markdown", P::Markdown),
    ("oid", P::Oid),
    ("positiveInt", P::PositiveInt),
    ("string", P::String),
    ("time", P::Time),
    ("unsignedInt", P::UnsignedInt),
    ("uri", P::Uri),
    ("url", P::Url),
    ("uuid", P::Uuid),
    ("xhtml", P::Xhtml),
];

/// Why a value is not of its type.
pub(super) enum Misfit {
    Shape(Shape),
    Value(PrimitiveFault),
}

impl Primitive {
    pub(super) fn named(name: &str) -> Option<Primitive> {
        NAMES.iter().find_map(|(other, primitive)| (*other == name).then_some(*primitive))
    }

    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(_, other)| *other == self).map_or("", |(name, _)| name)
    }

    /// The JSON shape its values have.
    pub fn shape(self) -> Shape {
        match self {
            P::Boolean => Shape::Boolean,
            P::Decimal | P::Integer | P::PositiveInt | P::UnsignedInt => Shape::Number,
            _ => Shape::String,
        }
    }

    pub(super) fn check(self, value: &Json) -> Result<(), Misfit> {
        match (value, self.shape()) {
            (Json::Bool(_), Shape::Boolean) => Ok(()),
            (Json::Number(text), Shape::Number) => self.check_number(text).map_err(Misfit::Value),
            (Json::String(text), Shape::String) => self.check_text(text).map_err(Misfit::Value),
            _ => Err(Misfit::Shape(value.shape())),
        }
    }

    fn check_number(self, text: &str) -> Result<(), PrimitiveFault> {
        let lowest = match self {
            P::Integer => i64::from(i32::MIN),
            P::UnsignedInt => 0,
            P::PositiveInt => 1,
            // Every JSON number is a decimal; an exponent that no machine number holds is a slip or an attack.
            _ => {
                return match text.parse::<f64>() {
                    Ok(number) if number.is_finite() => Ok(()),
                    _ => Err(PrimitiveFault::Range),
                };
            }
        };
        if text == "-0" || text.contains(['.', 'e', 'E']) {
            return Err(PrimitiveFault::Whole);
        }
        match text.parse::<i64>() {
            Ok(number) if (lowest..=i64::from(i32::MAX)).contains(&number) => Ok(()),
            _ => Err(PrimitiveFault::Range),
        }
    }

    fn check_text(self, text: &str) -> Result<(), PrimitiveFault> {
        if text.is_empty() {
            return Err(PrimitiveFault::Empty);
        }
        match self {
            P::String | P::Markdown => check_string(text),
            P::Uri | P::Url | P::Canonical => check_no_space(text),
            P::Code => check_code(text),
            P::Id => check_id(text),
            P::Oid => check_oid(text),
            P::Uuid => check_uuid(text),
            P::Date => check_date(text.as_bytes()).map_err(|fault| fault.unwrap_or(PrimitiveFault::DateForm)),
            P::DateTime => check_date_time(text.as_bytes()).map_err(|fault| fault.unwrap_or(PrimitiveFault::DateTimeForm)),
            P::Instant => check_instant(text.as_bytes()).map_err(|fault| fault.unwrap_or(PrimitiveFault::InstantForm)),
            P::Time => check_time(text.as_bytes()).map_err(|fault| fault.unwrap_or(PrimitiveFault::TimeForm)),
            P::Base64Binary => check_base64(text.as_bytes()),
            P::Xhtml => xhtml::check(text),
            P::Boolean | P::Decimal | P::Integer | P::PositiveInt | P::UnsignedInt => Ok(()),
        }
    }
}

fn check_string(text: &str) -> Result<(), PrimitiveFault> {
    if text.len() > 1024 * 1024 {
        return Err(PrimitiveFault::TooLong);
    }
    if text.bytes().any(|byte| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r')) {
        return Err(PrimitiveFault::Control);
    }
    Ok(())
}

fn check_no_space(text: &str) -> Result<(), PrimitiveFault> {
    if text.chars().any(|letter| letter.is_whitespace() || letter.is_control()) {
        return Err(PrimitiveFault::Space);
    }
    Ok(())
}

/// `[^\s]+(\s[^\s]+)*`
fn check_code(text: &str) -> Result<(), PrimitiveFault> {
    if text.split(char::is_whitespace).any(str::is_empty) {
        return Err(PrimitiveFault::CodeSpace);
    }
    if text.chars().any(char::is_control) {
        return Err(PrimitiveFault::Control);
    }
    Ok(())
}

/// `[A-Za-z0-9\-\.]{1,64}`
pub(super) fn check_id(text: &str) -> Result<(), PrimitiveFault> {
    let letters = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.');
    if letters && (1..=64).contains(&text.len()) { Ok(()) } else { Err(PrimitiveFault::Id) }
}

/// `urn:oid:[0-2](\.(0|[1-9][0-9]*))+`
fn check_oid(text: &str) -> Result<(), PrimitiveFault> {
    let arcs = text.strip_prefix("urn:oid:").ok_or(PrimitiveFault::Oid)?;
    let mut count = 0;
    for (at, arc) in arcs.split('.').enumerate() {
        let digits = !arc.is_empty() && arc.bytes().all(|byte| byte.is_ascii_digit());
        let first = at > 0 || matches!(arc, "0" | "1" | "2");
        if !digits || !first || (arc.len() > 1 && arc.starts_with('0')) {
            return Err(PrimitiveFault::Oid);
        }
        count += 1;
    }
    if count < 2 { Err(PrimitiveFault::Oid) } else { Ok(()) }
}

/// `urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`
fn check_uuid(text: &str) -> Result<(), PrimitiveFault> {
    let uuid = text.strip_prefix("urn:uuid:").ok_or(PrimitiveFault::Uuid)?.as_bytes();
    let fits = uuid.len() == 36
        && uuid.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        });
    if fits { Ok(()) } else { Err(PrimitiveFault::Uuid) }
}

/// `None` in the error: the form is not the type's own, which the caller names.
type Timely = Result<(), Option<PrimitiveFault>>;

fn number(text: &[u8], from: usize, count: usize) -> Option<u32> {
    let digits = text.get(from..from + count)?;
    digits.iter().try_fold(0, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + u32::from(digit - b'0')))
}

fn check_date(text: &[u8]) -> Timely {
    let year = number(text, 0, 4).ok_or(None)?;
    if text.len() > 4 && (text[4] != b'-' || number(text, 5, 2).is_none()) {
        return Err(None);
    }
    if text.len() > 7 && (text[7] != b'-' || number(text, 8, 2).is_none()) {
        return Err(None);
    }
    if !matches!(text.len(), 4 | 7 | 10) {
        return Err(None);
    }
    let month = number(text, 5, 2).unwrap_or(1);
    let day = number(text, 8, 2).unwrap_or(1);
    if year == 0 || !(1..=12).contains(&month) || !(1..=days(year, month)).contains(&day) {
        return Err(Some(PrimitiveFault::NoSuchDay));
    }
    Ok(())
}

fn days(year: u32, month: u32) -> u32 {
    let leap = (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn check_date_time(text: &[u8]) -> Timely {
    if text.len() <= 10 { check_date(text) } else { check_instant(text) }
}

fn check_instant(text: &[u8]) -> Timely {
    let (date, rest) = text.split_at_checked(10).ok_or(None)?;
    check_date(date)?;
    let rest = rest.strip_prefix(b"T").ok_or(None)?;
    let end = rest.iter().position(|byte| matches!(byte, b'Z' | b'+' | b'-')).unwrap_or(rest.len());
    let (time, zone) = rest.split_at(end);
    check_time(time)?;
    match zone {
        [] => Err(Some(PrimitiveFault::NoZone)),
        b"Z" => Ok(()),
        _ => {
            let form = zone.len() == 6 && zone[3] == b':';
            let (hour, minute) = (number(zone, 1, 2), number(zone, 4, 2));
            match (form, hour, minute) {
                (true, Some(0..=13), Some(0..=59)) | (true, Some(14), Some(0)) => Ok(()),
                _ => Err(Some(PrimitiveFault::BadZone)),
            }
        }
    }
}

fn check_time(text: &[u8]) -> Timely {
    let parts = (number(text, 0, 2), number(text, 3, 2), number(text, 6, 2));
    let (Some(hour), Some(minute), Some(second)) = parts else {
        return Err(None);
    };
    if text[2] != b':' || text[5] != b':' {
        return Err(None);
    }
    let fraction = &text[8..];
    let whole = fraction.is_empty() || (fraction.len() > 1 && fraction[0] == b'.' && fraction[1..].iter().all(u8::is_ascii_digit));
    if !whole {
        return Err(None);
    }
    // 60 is a leap second, as in the R4 expression.
    if hour > 23 || minute > 59 || second > 60 {
        return Err(Some(PrimitiveFault::NoSuchTime));
    }
    Ok(())
}

/// `(\s*([0-9a-zA-Z\+\/=]){4}\s*)+`, with `=` only at the end.
fn check_base64(text: &[u8]) -> Result<(), PrimitiveFault> {
    let (mut letters, mut padding) = (0_usize, 0_usize);
    for byte in text {
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => {}
            b'=' => padding += 1,
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'+' | b'/' if padding == 0 => letters += 1,
            _ => return Err(PrimitiveFault::Base64),
        }
    }
    if letters == 0 || padding > 2 || !(letters + padding).is_multiple_of(4) {
        return Err(PrimitiveFault::Base64);
    }
    Ok(())
}

/// `type/subtype` with optional parameters (BCP 13, RFC 6838).
pub(super) fn check_media_type(text: &str) -> Result<(), PrimitiveFault> {
    let name = text.split(';').next().unwrap_or("").trim();
    let token = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte));
    match name.split_once('/') {
        Some((kind, subtype)) if token(kind) && token(subtype) => Ok(()),
        _ => Err(PrimitiveFault::MediaType),
    }
}

/// Whether `start` is surely later than `end`, both valid dates, dateTimes or instants. Two times of a day are compared
/// as instants; anything coarser only as far as both are precise, since more is not known.
pub(super) fn is_after(start: &str, end: &str) -> bool {
    match (moment(start), moment(end)) {
        (Some(start), Some(end)) => start > end,
        _ => {
            let common = start.len().min(end.len()).min(10);
            match (start.get(..common), end.get(..common)) {
                (Some(start), Some(end)) => start > end,
                _ => false,
            }
        }
    }
}

/// Nanoseconds in UTC of a full dateTime; the zero is arbitrary.
fn moment(text: &str) -> Option<i128> {
    let bytes = text.as_bytes();
    if bytes.len() < 20 {
        return None;
    }
    check_instant(bytes).ok()?;
    let (year, month, day) = (number(bytes, 0, 4)?, number(bytes, 5, 2)?, number(bytes, 8, 2)?);
    let before = i128::from(year - 1);
    let mut count = before * 365 + before / 4 - before / 100 + before / 400 + i128::from(day);
    for earlier in 1..month {
        count += i128::from(days(year, earlier));
    }
    let mut seconds = count * 86_400;
    seconds += i128::from(number(bytes, 11, 2)?) * 3_600;
    seconds += i128::from(number(bytes, 14, 2)?) * 60 + i128::from(number(bytes, 17, 2)?);
    let rest = &bytes[19..];
    let zone_at = rest.iter().position(|byte| matches!(byte, b'Z' | b'+' | b'-'))?;
    let (fraction, zone) = rest.split_at(zone_at);
    if zone.len() == 6 {
        let offset = i128::from(number(zone, 1, 2)?) * 3_600 + i128::from(number(zone, 4, 2)?) * 60;
        seconds -= if zone[0] == b'-' { -offset } else { offset };
    }
    let mut nanos = 0_i128;
    for at in 0..9 {
        let digit = fraction.get(at + 1).map_or(0, |digit| digit - b'0');
        nanos = nanos * 10 + i128::from(digit);
    }
    Some(seconds * 1_000_000_000 + nanos)
}
