//! Building, changing and writing a [`Json`] tree. Numbers keep their text: `1.10` goes out as it came.

use std::borrow::Cow;

use super::validate::Json;

/// Members of an object, in order.
pub(super) type Members<'a> = Vec<(Cow<'a, str>, Json<'a>)>;

pub(super) fn object<'a, const N: usize>(members: [(&'static str, Option<Json<'a>>); N]) -> Json<'a> {
    Json::Object(members.into_iter().filter_map(|(name, value)| Some((Cow::Borrowed(name), value?))).collect())
}

/// An object, or nothing where it would be empty (ele-1).
pub(super) fn filled<'a, const N: usize>(members: [(&'static str, Option<Json<'a>>); N]) -> Option<Json<'a>> {
    Some(object(members)).filter(|object| !object.members().is_empty())
}

/// A string, or nothing where it would be empty.
pub(super) fn string<'a>(text: &str) -> Option<Json<'a>> {
    (!text.is_empty()).then(|| Json::String(Cow::Owned(text.to_owned())))
}

/// An array, or nothing where it would be empty.
pub(super) fn array<'a>(items: impl IntoIterator<Item = Json<'a>>) -> Option<Json<'a>> {
    let items: Vec<_> = items.into_iter().collect();
    (!items.is_empty()).then_some(Json::Array(items))
}

/// A reference to a record of ours.
pub(super) fn reference<'a>(id: impl std::fmt::Display) -> Option<Json<'a>> {
    Some(object([("reference", string(&address(id)))]))
}

/// The address of a record of ours, in sources and exported Bundles.
pub(super) fn address(id: impl std::fmt::Display) -> String {
    format!("urn:uuid:{id}")
}

impl<'a> Json<'a> {
    pub(super) fn members_mut(&mut self) -> Option<&mut Members<'a>> {
        match self {
            Json::Object(members) => Some(members),
            _ => None,
        }
    }

    /// Sets a member, where it stands or at the end; `None` takes it away.
    pub(super) fn set(&mut self, name: &'static str, value: Option<Json<'a>>) {
        let Some(members) = self.members_mut() else { return };
        let at = members.iter().position(|(member, _)| member == name);
        match (at, value) {
            (Some(at), Some(value)) => members[at].1 = value,
            (None, Some(value)) => members.push((Cow::Borrowed(name), value)),
            (Some(at), None) => drop(members.remove(at)),
            (None, None) => {}
        }
        // What an extension said of the old value does not hold for the new one.
        members.retain(|(member, _)| member.strip_prefix('_') != Some(name));
    }

    /// Takes every type of a choice away: `onset` removes `onsetDateTime`, `onsetAge` and the rest.
    pub(super) fn remove_choice(&mut self, choice: &str) {
        let Some(members) = self.members_mut() else { return };
        members.retain(|(name, _)| {
            let rest = name.strip_prefix('_').unwrap_or(name).strip_prefix(choice);
            !rest.is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_uppercase()))
        });
    }

    /// Calls `visit` for every object from the inside out.
    pub(super) fn each_object(&mut self, visit: &mut dyn FnMut(&mut Members<'a>)) {
        match self {
            Json::Array(items) => items.iter_mut().for_each(|item| item.each_object(visit)),
            Json::Object(members) => {
                members.iter_mut().for_each(|(_, value)| value.each_object(visit));
                visit(members);
            }
            _ => {}
        }
    }

    /// As compact JSON.
    pub(super) fn write(&self, out: &mut String) {
        match self {
            Json::Null => out.push_str("null"),
            Json::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Json::Number(text) => out.push_str(text),
            Json::String(text) => quote(text, out),
            Json::Array(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    item.write(out);
                }
                out.push(']');
            }
            Json::Object(members) => {
                out.push('{');
                for (at, (name, value)) in members.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    quote(name, out);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }

    pub(super) fn to_text(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }
}

/// RFC 8259, section 7.
fn quote(text: &str, out: &mut String) {
    out.push('"');
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(&text[plain..at]);
        plain = at + 1;
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            other => out.push_str(&format!("\\u{other:04x}")),
        }
    }
    out.push_str(&text[plain..]);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::fhir::validate::reread;

    proptest! {
        #[test]
        fn any_text_comes_back_as_it_went(text: String, name: String) {
            let tree = Json::Object(vec![(Cow::Borrowed(name.as_str()), Json::Array(vec![Json::String(text.as_str().into()), Json::Null]))]);
            let written = tree.to_text();
            prop_assert_eq!(reread(&written), Some(tree.clone()));
            prop_assert!(serde_json::from_str::<serde_json::Value>(&written).is_ok());
        }
    }

    #[test]
    fn a_choice_goes_with_its_extensions_and_nothing_else() {
        let mut tree = reread(r#"{"onsetAge":{"value":1.10},"onset":"x","_onsetString":{"id":"a"},"onsets":1}"#).unwrap();
        tree.remove_choice("onset");
        assert_eq!(tree.to_text(), r#"{"onset":"x","onsets":1}"#);
    }
}
