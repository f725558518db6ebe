//! The walk over a resource beside its definition: elements, numbers, shapes, primitives and bindings.

use std::borrow::Cow;

use super::bundle::{self, Entries};
use super::fault::{FaultKind, Path, Report, Shape};
use super::json::Json;
use super::primitive::{Misfit, Primitive, check_media_type};
use super::reference;
use super::schema::{Field, Found, Kind, Schema, Type, TypeDef};

type Members<'d> = [(Cow<'d, str>, Json<'d>)];

/// Checks the resource at the top of an input.
pub(super) fn check<'d>(tree: &'d Json<'d>, report: &mut Report) {
    let mut walk = Walk { schema: Schema::get(), path: Path::default(), report, bundles: Vec::new(), roots: Vec::new() };
    walk.resource(tree, false);
}

pub(super) struct Walk<'d, 'r> {
    pub schema: &'static Schema,
    path: Path<'d>,
    report: &'r mut Report,
    /// The bundles around this place, outermost first.
    pub bundles: Vec<Entries<'d>>,
    /// The resources around this place that are not contained ones, outermost first.
    pub roots: Vec<&'d Json<'d>>,
}

impl<'d> Walk<'d, '_> {
    pub(super) fn fault(&mut self, kind: FaultKind) {
        self.report.add(self.path.fault(kind));
    }

    pub(super) fn fault_below(&mut self, below: &str, kind: FaultKind) {
        self.report.add(self.path.fault_below(below, kind));
    }

    fn resource(&mut self, value: &'d Json<'d>, contained: bool) {
        let Json::Object(members) = value else {
            self.fault(FaultKind::WrongShape { ty: "resource", expected: Shape::Object, found: value.shape() });
            return;
        };
        let name = match value.get("resourceType") {
            Some(Json::String(name)) => name,
            Some(other) => {
                self.fault_below("resourceType", FaultKind::WrongShape { ty: "code", expected: Shape::String, found: other.shape() });
                return;
            }
            None => {
                self.fault_below("resourceType", FaultKind::NoResourceType);
                return;
            }
        };
        let Some(def) = self.schema.resource(name) else {
            self.fault_below("resourceType", FaultKind::UnknownResourceType);
            return;
        };
        if !contained {
            self.roots.push(value);
        }
        let is_bundle = def.name == "Bundle";
        if is_bundle {
            self.bundles.push(Entries::of(value));
        }
        self.members(def, members, true);
        self.rules(def, value);
        if is_bundle {
            bundle::check(self, value);
            self.bundles.pop();
        } else if self.schema.is_domain(def) {
            reference::check_contained(self, value, contained);
        }
        if !contained {
            self.roots.pop();
        }
    }

    fn rules(&mut self, def: &'static TypeDef, value: &'d Json<'d>) {
        for rule in &def.rules {
            if let Some(below) = (rule.broken)(value) {
                self.fault_below(below, FaultKind::Invariant { key: rule.key, text: rule.text });
            }
        }
    }

    fn members(&mut self, def: &'static TypeDef, members: &'d Members<'d>, is_resource: bool) {
        let schema = self.schema;
        let siblings = members.iter().any(|(key, _)| key.starts_with('_'));
        let mut seen: Vec<Option<&'d str>> = vec![None; def.fields.len()];
        for (key, value) in members {
            if is_resource && key == "resourceType" {
                continue;
            }
            let (name, is_sibling) = match key.strip_prefix('_') {
                Some(name) => (name, true),
                None => (key.as_ref(), false),
            };
            let found = schema.find(def, name).filter(|found| {
                let primitive = matches!(found.ty.kind, Kind::Primitive(kind) if kind != Primitive::Xhtml);
                primitive || !is_sibling
            });
            let Some(found) = found else {
                self.unknown(def, key);
                continue;
            };
            if let Some(at) = found.own {
                match seen[at] {
                    Some(first) if first != name => self.two_choices(&found, first, name),
                    _ => seen[at] = Some(name),
                }
            }
            self.path.push_key(name);
            if is_sibling {
                if !members.iter().any(|(other, _)| other == name) {
                    self.element(&found, None, Some(value));
                }
            } else {
                let sibling = members
                    .iter()
                    .filter(|_| siblings)
                    .find(|(other, _)| other.strip_prefix('_') == Some(name))
                    .map(|(_, value)| value)
                    .filter(|_| matches!(found.ty.kind, Kind::Primitive(_)));
                self.element(&found, Some(value), sibling);
            }
            self.path.pop();
        }
        for (field, seen) in def.fields.iter().zip(&seen) {
            if field.required && seen.is_none() {
                let below = if field.choice { Cow::Owned(format!("{}[x]", field.name)) } else { Cow::Borrowed(field.name) };
                self.fault_below(&below, FaultKind::Missing { ty: def.name, element: field.name });
            }
        }
    }

    fn unknown(&mut self, def: &'static TypeDef, key: &'d str) {
        let choice = def.fields.iter().find(|field| field.choice && field.name == key);
        let kind = match choice.and_then(|field| Some((field, field.types.first()?))) {
            Some((field, ty)) => {
                let (first, rest) = ty.name.split_at(1);
                FaultKind::BareChoice { element: field.name, example: format!("{}{}{rest}", field.name, first.to_ascii_uppercase()) }
            }
            None => FaultKind::UnknownElement { ty: def.name },
        };
        self.path.push_key(key);
        self.fault(kind);
        self.path.pop();
    }

    fn two_choices(&mut self, found: &Found<'static>, first: &'d str, name: &'d str) {
        let first_ty = found
            .field
            .types
            .iter()
            .find(|ty| first[found.field.name.len()..].eq_ignore_ascii_case(ty.name))
            .map_or("another type", |ty| ty.name);
        self.path.push_key(name);
        self.fault(FaultKind::TwoChoices { element: found.field.name, first: first_ty });
        self.path.pop();
    }

    /// One element with all its values; `sibling` is the `_name` member of a primitive.
    fn element(&mut self, found: &Found<'static>, value: Option<&'d Json<'d>>, sibling: Option<&'d Json<'d>>) {
        if !found.field.many {
            if let Some(Json::Array(_)) = value.or(sibling) {
                self.fault(FaultKind::NotRepeating);
                return;
            }
            self.item(found, value, sibling, false);
            return;
        }
        for part in [value, sibling].into_iter().flatten() {
            match part {
                Json::Array(items) if items.is_empty() => self.fault(FaultKind::EmptyArray),
                Json::Array(_) => {}
                other => self.fault(FaultKind::NotAnArray { found: other.shape() }),
            }
        }
        if let Some(Json::Object(_)) = value {
            // Meant as the only item: look inside as well, so that all faults are found in one go.
            self.item(found, value, None, false);
            return;
        }
        let values = value.map_or(&[][..], Json::items);
        let siblings = sibling.map_or(&[][..], Json::items);
        for at in 0..values.len().max(siblings.len()) {
            self.path.push_index(at);
            self.item(found, values.get(at), siblings.get(at), true);
            self.path.pop();
        }
    }

    fn item(&mut self, found: &Found<'static>, value: Option<&'d Json<'d>>, sibling: Option<&'d Json<'d>>, in_array: bool) {
        match (found.ty.kind, value) {
            (Kind::Primitive(kind), _) => self.primitive(found, kind, value, sibling, in_array),
            (_, None | Some(Json::Null)) => self.fault(FaultKind::StrayNull),
            (Kind::Resource, Some(value)) => self.resource(value, found.field.name == "contained"),
            (Kind::Complex(at), Some(value)) => self.complex(found, self.schema.type_at(at), value),
        }
    }

    fn primitive(
        &mut self,
        found: &Found<'static>,
        kind: Primitive,
        value: Option<&'d Json<'d>>,
        sibling: Option<&'d Json<'d>>,
        in_array: bool,
    ) {
        let given = value.filter(|value| **value != Json::Null);
        let extended = sibling.filter(|sibling| **sibling != Json::Null);
        let lone_null = !in_array && (value == Some(&Json::Null) || sibling == Some(&Json::Null));
        if lone_null || (given.is_none() && extended.is_none()) {
            self.fault(FaultKind::StrayNull);
            return;
        }
        match extended {
            None => {}
            Some(Json::Object(members)) => {
                let only_id = members.iter().all(|(key, _)| key == "id");
                if members.is_empty() || (only_id && given.is_none()) {
                    self.fault(FaultKind::Empty);
                }
                if let Some(def) = self.schema.element() {
                    self.members(def, members, false);
                }
            }
            Some(other) => self.fault(FaultKind::WrongShape { ty: "Element", expected: Shape::Object, found: other.shape() }),
        }
        let Some(given) = given else { return };
        match kind.check(given) {
            Ok(()) => self.code_binding(found.field, kind, given),
            Err(Misfit::Value(fault)) => self.fault(FaultKind::Primitive { ty: kind.name(), fault }),
            Err(Misfit::Shape(shape)) => self.fault(FaultKind::WrongShape { ty: kind.name(), expected: kind.shape(), found: shape }),
        }
    }

    fn code_binding(&mut self, field: &'static Field, kind: Primitive, value: &Json<'d>) {
        let (Primitive::Code, Some(set), Some(code)) = (kind, field.value_set, value.as_str()) else {
            return;
        };
        let set = self.schema.value_set(set);
        if set.media_types {
            if let Err(fault) = check_media_type(code) {
                self.fault(FaultKind::Primitive { ty: "code", fault });
            }
        } else if !set.has_code(code) {
            self.fault(FaultKind::NotInValueSet { value_set: set.url });
        }
    }

    fn complex(&mut self, found: &Found<'static>, def: &'static TypeDef, value: &'d Json<'d>) {
        let Json::Object(members) = value else {
            self.fault(FaultKind::WrongShape { ty: def.name, expected: Shape::Object, found: value.shape() });
            return;
        };
        if members.iter().all(|(key, _)| key == "id") {
            self.fault(FaultKind::Empty);
            return;
        }
        self.members(def, members, false);
        self.concept_binding(found.field, found.ty, value);
        self.rules(def, value);
        if def.name == "Reference" {
            reference::check(self, found.ty, value);
        }
    }

    /// A concept needs one coding of the set; an extension alone may say why it has none.
    fn concept_binding(&mut self, field: &'static Field, ty: &Type, value: &Json<'d>) {
        let Some(set) = field.value_set.map(|set| self.schema.value_set(set)) else {
            return;
        };
        let inside = |coding: &Json| match (coding.text("system"), coding.text("code")) {
            (Some(system), Some(code)) => set.has_coding(system, code),
            _ => false,
        };
        let fits = match ty.name {
            "Coding" => inside(value),
            "CodeableConcept" => {
                let extended = value.members().iter().all(|(key, _)| key == "id" || key == "extension");
                extended || value.list("coding").iter().any(inside)
            }
            _ => true,
        };
        if !fits {
            self.fault(FaultKind::NotInValueSet { value_set: set.url });
        }
    }
}
