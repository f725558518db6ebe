//! What can be wrong with a resource, where, and how it is said.
//!
//! A fault names elements, types and rules. It must never hold or print a value out of the input: only its shape.

use std::borrow::Cow;
use std::fmt;

/// Most faults kept for one input; the rest are counted only.
pub const MAX_FAULTS: usize = 1_000;

/// One fault and its place: `entry[3].resource.birthDate`, counted from the top of the input. Members are named as in
/// JSON (`valueQuantity`, not `value`); an empty path is the whole input. A missing element is named where it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub path: String,
    pub kind: FaultKind,
}

impl Fault {
    pub(super) fn at_root(kind: FaultKind) -> Self {
        Fault { path: String::new(), kind }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => write!(f, "{}", self.kind),
            path => write!(f, "{path}: {}", self.kind),
        }
    }
}

/// The kinds of fault. Messages are plain English for a person at the desk.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FaultKind {
    #[error("the file is larger than 64 MiB")]
    TooLarge,
    #[error("nested deeper than 64 levels")]
    TooDeep,
    #[error("the file holds more than 4,000,000 values")]
    TooManyValues,
    #[error("not JSON, line {line}, column {column}: {fault}")]
    NotJson { line: usize, column: usize, fault: JsonFault },
    #[error("the name is given twice in one object")]
    RepeatedName,
    #[error("resourceType is missing")]
    NoResourceType,
    #[error("resourceType is not a resource of FHIR R4")]
    UnknownResourceType,
    #[error("{ty} has no such element in FHIR R4")]
    UnknownElement { ty: &'static str },
    #[error("{element} is a choice in FHIR R4: its name must end in one of its types, as in {example}")]
    BareChoice { element: &'static str, example: String },
    #[error("{ty}.{element} is required, but it is missing")]
    Missing { ty: &'static str, element: &'static str },
    #[error("may repeat, so it must be an array, but it is {found}")]
    NotAnArray { found: Shape },
    #[error("must be given once, not as an array")]
    NotRepeating,
    #[error("an array must not be empty")]
    EmptyArray,
    #[error("an element must have a value or children (ele-1)")]
    Empty,
    #[error("must be a {ty} (JSON {expected}), but it is {found}")]
    WrongShape { ty: &'static str, expected: Shape, found: Shape },
    #[error("null is allowed only in an array of primitive values, where an extension stands in its place")]
    StrayNull,
    #[error("not a valid {ty}: {fault}")]
    Primitive { ty: &'static str, fault: PrimitiveFault },
    #[error("the code is not in the required value set {value_set}")]
    NotInValueSet { value_set: &'static str },
    #[error("only one {element} may be given, but {first} is there as well")]
    TwoChoices { element: &'static str, first: &'static str },
    #[error("the reference must be to {allowed}, but it is to {found}")]
    ReferenceType { allowed: String, found: &'static str },
    #[error("the reference and its type name different resource types")]
    ReferenceMismatch,
    #[error("not a literal reference: expected Type/id, an absolute address, urn:uuid:, #id or Type?search")]
    ReferenceForm,
    #[error("no entry of the bundle has this fullUrl")]
    Unresolved,
    #[error("another contained resource has the same id")]
    RepeatedId,
    #[error("{text} ({key})")]
    Invariant { key: &'static str, text: &'static str },
}

/// What is wrong with the JSON text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JsonFault {
    #[error("not UTF-8")]
    Utf8,
    #[error("the file ends too early")]
    End,
    #[error("text after the end")]
    Trailing,
    #[error("a value was expected")]
    Value,
    #[error("a name in quotes was expected")]
    Name,
    #[error("a comma, colon or closing bracket was expected")]
    Separator,
    #[error("malformed number")]
    Number,
    #[error("malformed escape in a string")]
    Escape,
    #[error("unpaired surrogate in a string")]
    Surrogate,
    #[error("control character in a string")]
    Control,
}

/// What is wrong with a primitive value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PrimitiveFault {
    #[error("it is empty")]
    Empty,
    #[error("longer than 1 MiB")]
    TooLong,
    #[error("it holds a control character")]
    Control,
    #[error("it holds white space")]
    Space,
    #[error("white space at an end or two in a row")]
    CodeSpace,
    #[error("only A-Z, a-z, 0-9, '-' and '.', at most 64")]
    Id,
    #[error("expected urn:oid: and numbers joined by dots")]
    Oid,
    #[error("expected urn:uuid: and a lower-case UUID")]
    Uuid,
    #[error("expected YYYY, YYYY-MM or YYYY-MM-DD")]
    DateForm,
    #[error("expected YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm:ss with a zone")]
    DateTimeForm,
    #[error("expected YYYY-MM-DDThh:mm:ss with a zone")]
    InstantForm,
    #[error("expected hh:mm:ss")]
    TimeForm,
    #[error("there is no such day in the calendar")]
    NoSuchDay,
    #[error("there is no such time of day")]
    NoSuchTime,
    #[error("a time needs a zone, Z or +hh:mm or -hh:mm")]
    NoZone,
    #[error("there is no such zone")]
    BadZone,
    #[error("expected a whole number")]
    Whole,
    #[error("out of range")]
    Range,
    #[error("malformed base64")]
    Base64,
    #[error("expected a media type such as text/plain")]
    MediaType,
    #[error("expected one div element of well-formed XHTML")]
    Xhtml,
    #[error("it holds an element or attribute that a narrative must not have (txt-1)")]
    NotBasicHtml,
}

/// The JSON shape of a value, which is all that a fault may say of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Null,
    Boolean,
    Number,
    String,
    Array,
    Object,
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Shape::Null => "null",
            Shape::Boolean => "boolean",
            Shape::Number => "number",
            Shape::String => "string",
            Shape::Array => "array",
            Shape::Object => "object",
        })
    }
}

/// Faults of one input, in the order found, at most [`MAX_FAULTS`].
#[derive(Debug, Default)]
pub(super) struct Report {
    pub(super) faults: Vec<Fault>,
    pub(super) more: usize,
}

impl Report {
    pub(super) fn add(&mut self, fault: Fault) {
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(fault);
        } else {
            self.more += 1;
        }
    }
}

/// The way from the top to where a walk stands; text is made only for a fault.
#[derive(Debug, Default, Clone)]
pub(super) struct Path<'a>(Vec<Step<'a>>);

#[derive(Debug, Clone)]
enum Step<'a> {
    Key(Cow<'a, str>),
    Index(usize),
}

impl<'a> Path<'a> {
    pub(super) fn push_key(&mut self, key: impl Into<Cow<'a, str>>) {
        self.0.push(Step::Key(key.into()));
    }

    pub(super) fn push_index(&mut self, index: usize) {
        self.0.push(Step::Index(index));
    }

    pub(super) fn pop(&mut self) {
        self.0.pop();
    }

    pub(super) fn fault(&self, kind: FaultKind) -> Fault {
        Fault { path: self.to_string(), kind }
    }

    /// A fault at a place below this one.
    pub(super) fn fault_below(&self, below: &str, kind: FaultKind) -> Fault {
        let mut path = self.to_string();
        if !path.is_empty() && !below.is_empty() {
            path.push('.');
        }
        path.push_str(below);
        Fault { path, kind }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Key(key) => {
                    if at > 0 {
                        f.write_str(".")?;
                    }
                    f.write_str(printable(key))?;
                }
            }
        }
        Ok(())
    }
}

/// A member name that looks like an element is named; anything else could be somebody's text, so it is not.
fn printable(key: &str) -> &str {
    let plain = key.len() <= 64 && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if plain && !key.is_empty() { key } else { "?" }
}
