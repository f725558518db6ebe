//! References: their form, what they may point at, and contained resources (ref-1, dom-2 to dom-5).

use super::fault::FaultKind;
use super::json::Json;
use super::primitive::check_id;
use super::schema::{Schema, Type};
use super::walk::Walk;

/// A literal reference, as far as its text tells.
enum Literal<'t> {
    /// `#id`; empty for `#`, the containing resource itself.
    Contained(&'t str),
    /// `urn:uuid:..` or `urn:oid:..`
    Urn,
    /// `Type/id`, `Type?search`, or an absolute address that ends like the first.
    Typed(&'static str),
    /// An absolute address that says nothing of the type.
    Absolute,
}

/// Checks a Reference whose members have been checked.
pub(super) fn check(walk: &mut Walk, ty: &Type, value: &Json) {
    let named = value.text("type").and_then(|name| walk.schema.resource(name));
    if let Some(named) = named
        && !allows(ty, named.name)
    {
        walk.fault_below("type", wrong_type(ty, named.name));
    }
    let Some(text) = value.text("reference") else {
        return;
    };
    let Some(literal) = read(walk.schema, text) else {
        walk.fault_below("reference", FaultKind::ReferenceForm);
        return;
    };
    let found = match literal {
        Literal::Typed(name) => Some(name),
        Literal::Absolute => resolve(walk, text).and_then(|name| Some(walk.schema.resource(name)?.name)),
        Literal::Contained("") => resource_type(walk.schema, walk.roots.last().copied()),
        Literal::Contained(id) => {
            let inside = walk.roots.last().and_then(|root| root.list("contained").iter().find(|inside| inside.text("id") == Some(id)));
            if inside.is_none() {
                walk.fault_below("reference", FaultKind::Invariant { key: "ref-1", text: "the resource contains no resource of this id" });
            }
            resource_type(walk.schema, inside)
        }
        Literal::Urn => {
            let found = resolve(walk, text);
            if found.is_none() && !walk.bundles.is_empty() {
                walk.fault_below("reference", FaultKind::Unresolved);
            }
            found.and_then(|name| Some(walk.schema.resource(name)?.name))
        }
    };
    let Some(found) = found else { return };
    if !allows(ty, found) {
        walk.fault_below("reference", wrong_type(ty, found));
    } else if named.is_some_and(|named| named.name != found) {
        walk.fault_below("type", FaultKind::ReferenceMismatch);
    }
}

/// The resource type of the entry with this fullUrl in the nearest bundle that has one.
fn resolve<'d>(walk: &Walk<'d, '_>, url: &str) -> Option<&'d str> {
    walk.bundles.iter().rev().find_map(|entries| entries.type_of(url))
}

fn resource_type(schema: &'static Schema, value: Option<&Json>) -> Option<&'static str> {
    Some(schema.resource(value?.text("resourceType")?)?.name)
}

fn allows(ty: &Type, name: &str) -> bool {
    ty.targets.is_empty() || ty.targets.contains(&name)
}

fn wrong_type(ty: &Type, found: &'static str) -> FaultKind {
    FaultKind::ReferenceType { allowed: ty.targets.join(" or "), found }
}

fn read<'t>(schema: &'static Schema, text: &'t str) -> Option<Literal<'t>> {
    if text.chars().any(char::is_whitespace) {
        return None;
    }
    if let Some(id) = text.strip_prefix('#') {
        return Some(Literal::Contained(id));
    }
    if text.starts_with("urn:uuid:") || text.starts_with("urn:oid:") {
        return Some(Literal::Urn);
    }
    let scheme = text.split_once(':').map(|(scheme, _)| scheme);
    let absolute = scheme.is_some_and(|scheme| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    });
    let name = |name: &str| Some(schema.resource(name)?.name);
    if absolute {
        let typed = instance(text).and_then(|(before, _)| name(before.rsplit('/').next()?));
        return Some(typed.map_or(Literal::Absolute, Literal::Typed));
    }
    if let Some((before, search)) = text.split_once('?') {
        return name(before).filter(|_| !search.is_empty()).map(Literal::Typed);
    }
    let (before, id) = instance(text)?;
    check_id(id).ok()?;
    name(before).map(Literal::Typed)
}

/// What stands before the last `/id`, and the id, without a `/_history/version` at the end.
fn instance(text: &str) -> Option<(&str, &str)> {
    let text = match text.split_once("/_history/") {
        Some((text, version)) if check_id(version).is_ok() => text,
        Some(_) => return None,
        None => text,
    };
    text.rsplit_once('/')
}

/// dom-2 to dom-5 of a domain resource.
pub(super) fn check_contained<'d>(walk: &mut Walk<'d, '_>, resource: &'d Json<'d>, contained: bool) {
    let inner = resource.list("contained");
    if inner.is_empty() {
        return;
    }
    if contained {
        walk.fault_below("contained", FaultKind::Invariant { key: "dom-2", text: "a contained resource must not contain another" });
    }
    let mut local = Vec::new();
    collect_local(resource, &mut local);
    for (at, inside) in inner.iter().enumerate() {
        let id = inside.text("id");
        let mut named = false;
        let mut points_up = Vec::new();
        collect_local(inside, &mut points_up);
        if let Some(id) = id {
            named = local.contains(&id);
            if inner[..at].iter().any(|other| other.text("id") == Some(id)) {
                walk.fault_below(&format!("contained[{at}].id"), FaultKind::RepeatedId);
            }
        }
        if !named && !points_up.contains(&"") {
            walk.fault_below(
                &format!("contained[{at}]"),
                FaultKind::Invariant { key: "dom-3", text: "a contained resource must be referred to from the resource around it" },
            );
        }
        let Some(meta) = inside.get("meta") else {
            continue;
        };
        for name in ["versionId", "lastUpdated"] {
            if meta.get(name).is_some() {
                walk.fault_below(
                    &format!("contained[{at}].meta.{name}"),
                    FaultKind::Invariant { key: "dom-4", text: "a contained resource has no version and no time of update" },
                );
            }
        }
        if meta.get("security").is_some() {
            walk.fault_below(
                &format!("contained[{at}].meta.security"),
                FaultKind::Invariant { key: "dom-5", text: "a contained resource has no security label" },
            );
        }
    }
}

/// The ids that local references (`#id`) below `value` name. Any string counts: canonical, uri and url may point too.
fn collect_local<'d>(value: &'d Json<'d>, into: &mut Vec<&'d str>) {
    match value {
        Json::String(text) => into.extend(text.strip_prefix('#')),
        Json::Array(items) => items.iter().for_each(|item| collect_local(item, into)),
        Json::Object(members) => members.iter().for_each(|(_, item)| collect_local(item, into)),
        _ => {}
    }
}
