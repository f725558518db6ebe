//! Narrative markup: one well-formed `div` of the elements and attributes that txt-1 lists.
//!
//! It must never be read as leave to show the markup: it is checked so that a script in a bundle is refused at the door.

use super::fault::PrimitiveFault;

const ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "acronym",
    "b",
    "big",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "q",
    "samp",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "ul",
    "var",
];

const ATTRIBUTES: &[&str] = &[
    "abbr",
    "accesskey",
    "align",
    "alt",
    "axis",
    "bgcolor",
    "border",
    "cellhalign",
    "cellpadding",
    "cellspacing",
    "cellvalign",
    "char",
    "charoff",
    "charset",
    "cite",
    "class",
    "colspan",
    "compact",
    "coords",
    "dir",
    "frame",
    "headers",
    "height",
    "href",
    "hreflang",
    "hspace",
    "id",
    "lang",
    "longdesc",
    "name",
    "nowrap",
    "rel",
    "rev",
    "rowspan",
    "rules",
    "scope",
    "shape",
    "span",
    "src",
    "start",
    "style",
    "summary",
    "tabindex",
    "title",
    "type",
    "valign",
    "value",
    "vspace",
    "width",
    "xmlns",
    "xml:lang",
    "xml:space",
];

/// Checks the text of `Narrative.div`.
pub(super) fn check(text: &str) -> Result<(), PrimitiveFault> {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = text.trim();
    let mut closed = false;
    while !rest.is_empty() {
        if closed {
            return Err(PrimitiveFault::Xhtml);
        }
        if let Some(after) = rest.strip_prefix("<!--") {
            rest = after.split_once("-->").ok_or(PrimitiveFault::Xhtml)?.1;
        } else if let Some(after) = rest.strip_prefix("</") {
            let (name, after) = after.split_once('>').ok_or(PrimitiveFault::Xhtml)?;
            if open.pop() != Some(name.trim_end()) {
                return Err(PrimitiveFault::Xhtml);
            }
            closed = open.is_empty();
            rest = after;
        } else if let Some(after) = rest.strip_prefix('<') {
            let tag = Tag::read(after)?;
            if open.is_empty() && tag.name != "div" {
                return Err(PrimitiveFault::Xhtml);
            }
            rest = tag.after;
            if tag.is_empty {
                closed = open.is_empty();
            } else {
                open.push(tag.name);
            }
        } else {
            let end = rest.find('<').unwrap_or(rest.len());
            if open.is_empty() {
                return Err(PrimitiveFault::Xhtml);
            }
            rest = &rest[end..];
        }
    }
    if closed { Ok(()) } else { Err(PrimitiveFault::Xhtml) }
}

struct Tag<'t> {
    name: &'t str,
    is_empty: bool,
    after: &'t str,
}

impl<'t> Tag<'t> {
    /// Reads a start tag after its `<`.
    fn read(text: &'t str) -> Result<Tag<'t>, PrimitiveFault> {
        let (name, mut rest) = split_name(text)?;
        if !ELEMENTS.contains(&name) {
            return Err(PrimitiveFault::NotBasicHtml);
        }
        loop {
            let trimmed = rest.trim_start();
            for (end, is_empty) in [(">", false), ("/>", true)] {
                if let Some(after) = trimmed.strip_prefix(end) {
                    return Ok(Tag { name, is_empty, after });
                }
            }
            if trimmed.len() == rest.len() {
                return Err(PrimitiveFault::Xhtml);
            }
            let (attribute, after) = split_name(trimmed)?;
            if !ATTRIBUTES.contains(&attribute) {
                return Err(PrimitiveFault::NotBasicHtml);
            }
            let value = after.trim_start().strip_prefix('=').ok_or(PrimitiveFault::Xhtml)?;
            let value = value.trim_start();
            let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''));
            let quote = quote.ok_or(PrimitiveFault::Xhtml)?;
            let (value, after) = value[1..].split_once(quote).ok_or(PrimitiveFault::Xhtml)?;
            if value.contains('<') {
                return Err(PrimitiveFault::Xhtml);
            }
            let active = value.trim_start().get(..11);
            if active.is_some_and(|scheme| scheme.eq_ignore_ascii_case("javascript:")) {
                return Err(PrimitiveFault::NotBasicHtml);
            }
            rest = after;
        }
    }
}

fn split_name(text: &str) -> Result<(&str, &str), PrimitiveFault> {
    let end = text.find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == ':' || letter == '-')).unwrap_or(text.len());
    if end == 0 {
        return Err(PrimitiveFault::Xhtml);
    }
    Ok(text.split_at(end))
}
