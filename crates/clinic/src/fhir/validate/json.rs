//! Strict JSON (RFC 8259) into a borrowed tree, with the places of its faults.
//!
//! Own code, because FHIR needs three things the common parsers lose: repeated member names, the text of a number
//! (`1.10` is not `1.1`, decimal precision is clinical), and a path to the fault. Must never recurse past
//! [`MAX_DEPTH`], hold more than [`MAX_VALUES`] values, or put input text into a fault.

use std::borrow::Cow;
use std::collections::HashSet;

use super::fault::{Fault, FaultKind, JsonFault, Path, Report, Shape};

/// Largest input in bytes.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;
/// Deepest nesting of arrays and objects.
pub const MAX_DEPTH: usize = 64;
/// Most values (scalars, arrays and objects) in one input: bounds the memory of the tree to about 300 MB.
pub const MAX_VALUES: usize = 4_000_000;

/// A JSON value that borrows from the input. Objects keep the order of their members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Json<'a> {
    Null,
    Bool(bool),
    /// The number as written.
    Number(Cow<'a, str>),
    String(Cow<'a, str>),
    Array(Vec<Json<'a>>),
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
}

impl<'a> Json<'a> {
    /// The member `key` of an object.
    pub fn get(&self, key: &str) -> Option<&Json<'a>> {
        self.members().iter().find_map(|(name, value)| (name == key).then_some(value))
    }

    /// The text of the string member `key`.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Json::as_str)
    }

    /// The items of the array member `key`; none if it is absent or no array.
    pub fn list(&self, key: &str) -> &[Json<'a>] {
        self.get(key).map_or(&[], Json::items)
    }

    pub fn as_str(&self) -> Option<&str> {
        match self {
            Json::String(text) => Some(text),
            _ => None,
        }
    }

    pub fn items(&self) -> &[Json<'a>] {
        match self {
            Json::Array(items) => items,
            _ => &[],
        }
    }

    pub fn members(&self) -> &[(Cow<'a, str>, Json<'a>)] {
        match self {
            Json::Object(members) => members,
            _ => &[],
        }
    }

    pub fn shape(&self) -> Shape {
        match self {
            Json::Null => Shape::Null,
            Json::Bool(_) => Shape::Boolean,
            Json::Number(_) => Shape::Number,
            Json::String(_) => Shape::String,
            Json::Array(_) => Shape::Array,
            Json::Object(_) => Shape::Object,
        }
    }
}

/// Parses the whole input. Repeated names go into `report` and parsing goes on (the first value is kept);
/// any other fault ends it and gives `None`.
pub(super) fn parse<'a>(bytes: &'a [u8], report: &mut Report) -> Option<Json<'a>> {
    if bytes.len() > MAX_BYTES {
        report.add(Fault::at_root(FaultKind::TooLarge));
        return None;
    }
    // A byte order mark is what Windows tools leave in front; RFC 8259 section 8.1 lets a parser pass over it.
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let (line, column) = place(&bytes[..error.valid_up_to()]);
            report.add(Fault::at_root(FaultKind::NotJson { line, column, fault: JsonFault::Utf8 }));
            return None;
        }
    };
    let mut parser = Parser { text, at: 0, values: 0, path: Path::default(), report };
    match parser.document() {
        Ok(value) => Some(value),
        Err(stop) => {
            let (line, column) = place(&text.as_bytes()[..parser.at.min(text.len())]);
            let kind = match stop {
                Stop::Syntax(fault) => FaultKind::NotJson { line, column, fault },
                Stop::TooDeep => FaultKind::TooDeep,
                Stop::TooMany => FaultKind::TooManyValues,
            };
            let fault = parser.path.fault(kind);
            report.add(fault);
            None
        }
    }
}

fn place(before: &[u8]) -> (usize, usize) {
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
    (line, column)
}

enum Stop {
    Syntax(JsonFault),
    TooDeep,
    TooMany,
}

struct Parser<'a, 'r> {
    text: &'a str,
    at: usize,
    values: usize,
    path: Path<'a>,
    report: &'r mut Report,
}

impl<'a> Parser<'a, '_> {
    fn document(&mut self) -> Result<Json<'a>, Stop> {
        let value = self.value(0)?;
        self.space();
        if self.at < self.text.len() {
            return Err(Stop::Syntax(JsonFault::Trailing));
        }
        Ok(value)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn value(&mut self, depth: usize) -> Result<Json<'a>, Stop> {
        self.values += 1;
        if self.values > MAX_VALUES {
            return Err(Stop::TooMany);
        }
        self.space();
        match self.peek() {
            None => Err(Stop::Syntax(JsonFault::End)),
            Some(b'{' | b'[') if depth >= MAX_DEPTH => Err(Stop::TooDeep),
            Some(b'{') => self.object(depth + 1),
            Some(b'[') => self.array(depth + 1),
            Some(b'"') => Ok(Json::String(self.string()?)),
            Some(b't') => self.word("true", Json::Bool(true)),
            Some(b'f') => self.word("false", Json::Bool(false)),
            Some(b'n') => self.word("null", Json::Null),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(_) => Err(Stop::Syntax(JsonFault::Value)),
        }
    }

    fn word(&mut self, word: &str, value: Json<'a>) -> Result<Json<'a>, Stop> {
        if self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            Ok(value)
        } else {
            Err(Stop::Syntax(JsonFault::Value))
        }
    }

    fn digits(&mut self) -> Result<(), Stop> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        if self.at == start {
            return Err(Stop::Syntax(JsonFault::Number));
        }
        Ok(())
    }

    fn number(&mut self) -> Result<Json<'a>, Stop> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let first = self.at;
        self.digits()?;
        if self.text.as_bytes()[first] == b'0' && self.at > first + 1 {
            return Err(Stop::Syntax(JsonFault::Number));
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(Json::Number(Cow::Borrowed(&self.text[start..self.at])))
    }

    fn string(&mut self) -> Result<Cow<'a, str>, Stop> {
        self.at += 1;
        let start = self.at;
        let mut owned: Option<String> = None;
        let mut copied = start;
        loop {
            match self.peek() {
                None => return Err(Stop::Syntax(JsonFault::End)),
                Some(b'"') => {
                    let rest = &self.text[copied..self.at];
                    self.at += 1;
                    return Ok(match owned {
                        None => Cow::Borrowed(rest),
                        Some(mut owned) => {
                            owned.push_str(rest);
                            Cow::Owned(owned)
                        }
                    });
                }
                Some(b'\\') => {
                    let text = owned.get_or_insert_default();
                    text.push_str(&self.text[copied..self.at]);
                    self.at += 1;
                    let unescaped = self.escape()?;
                    owned.get_or_insert_default().push(unescaped);
                    copied = self.at;
                }
                Some(0..=0x1f) => return Err(Stop::Syntax(JsonFault::Control)),
                Some(_) => self.at += 1,
            }
        }
    }

    fn escape(&mut self) -> Result<char, Stop> {
        let letter = self.peek().ok_or(Stop::Syntax(JsonFault::End))?;
        self.at += 1;
        Ok(match letter {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let high = self.hex()?;
                let code = if (0xD800..0xDC00).contains(&high) {
                    if !self.text.as_bytes()[self.at..].starts_with(b"\\u") {
                        return Err(Stop::Syntax(JsonFault::Surrogate));
                    }
                    self.at += 2;
                    let low = self.hex()?;
                    if !(0xDC00..0xE000).contains(&low) {
                        return Err(Stop::Syntax(JsonFault::Surrogate));
                    }
                    0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)
                } else {
                    high
                };
                char::from_u32(code).ok_or(Stop::Syntax(JsonFault::Surrogate))?
            }
            _ => return Err(Stop::Syntax(JsonFault::Escape)),
        })
    }

    fn hex(&mut self) -> Result<u32, Stop> {
        let digits = self.text.as_bytes().get(self.at..self.at + 4).ok_or(Stop::Syntax(JsonFault::End))?;
        let mut code = 0;
        for digit in digits {
            let digit = char::from(*digit).to_digit(16).ok_or(Stop::Syntax(JsonFault::Escape))?;
            code = code * 16 + digit;
        }
        self.at += 4;
        Ok(code)
    }

    fn array(&mut self, depth: usize) -> Result<Json<'a>, Stop> {
        self.at += 1;
        let mut items = Vec::new();
        self.space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Json::Array(items));
        }
        loop {
            self.path.push_index(items.len());
            items.push(self.value(depth)?);
            self.path.pop();
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(Json::Array(items));
                }
                None => return Err(Stop::Syntax(JsonFault::End)),
                Some(_) => return Err(Stop::Syntax(JsonFault::Separator)),
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Json<'a>, Stop> {
        self.at += 1;
        let mut members: Vec<(Cow<'a, str>, Json<'a>)> = Vec::new();
        let mut seen: HashSet<Cow<'a, str>> = HashSet::new();
        self.space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Json::Object(members));
        }
        loop {
            self.space();
            match self.peek() {
                Some(b'"') => {}
                None => return Err(Stop::Syntax(JsonFault::End)),
                Some(_) => return Err(Stop::Syntax(JsonFault::Name)),
            }
            let name = self.string()?;
            self.space();
            match self.peek() {
                Some(b':') => self.at += 1,
                None => return Err(Stop::Syntax(JsonFault::End)),
                Some(_) => return Err(Stop::Syntax(JsonFault::Separator)),
            }
            self.path.push_key(name.clone());
            let value = self.value(depth)?;
            // FHIR objects are small: scan them; a large one (hostile, or a huge extension) gets a set.
            let repeated = if members.len() < 24 {
                members.iter().any(|(other, _)| *other == name)
            } else {
                if seen.is_empty() {
                    seen.extend(members.iter().map(|(other, _)| other.clone()));
                }
                !seen.insert(name.clone())
            };
            if repeated {
                self.report.add(self.path.fault(FaultKind::RepeatedName));
            } else {
                members.push((name, value));
            }
            self.path.pop();
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(Json::Object(members));
                }
                None => return Err(Stop::Syntax(JsonFault::End)),
                Some(_) => return Err(Stop::Syntax(JsonFault::Separator)),
            }
        }
    }
}
