//! The element table of FHIR R4 (4.0.1): every resource and data type, from `data/fhir/r4.tsv`, read once.
//!
//! The file is text, tab-separated:
//! - `=url` opens a value set; each following line is a code system and its codes, or `*` for "any media type";
//! - `@name  base` opens a type; each following line is an element: name (`deceased[x]` for a choice), least number,
//!   most (`1` or `*`), types joined by `|` (a Reference with the resource types it may name, a nested element by its
//!   path), and the number of the required value set if it has one.
//!
//! The table is ours, so a malformed line is dropped here and caught by the tests below, never at run time.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use super::primitive::Primitive;
use super::rules::{self, Rule};

const TABLE: &str = include_str!("../../../data/fhir/r4.tsv");

/// All of R4.
pub(super) struct Schema {
    types: Vec<TypeDef>,
    by_name: HashMap<&'static str, usize>,
    value_sets: Vec<ValueSet>,
}

pub(super) struct TypeDef {
    /// `Patient`, `HumanName`, `Patient.contact`.
    pub name: &'static str,
    base: Option<usize>,
    pub fields: Vec<Field>,
    pub rules: Vec<&'static Rule>,
    keys: HashMap<String, (usize, usize)>,
}

pub(super) struct Field {
    /// Without `[x]`.
    pub name: &'static str,
    pub choice: bool,
    pub required: bool,
    pub many: bool,
    pub types: Vec<Type>,
    pub value_set: Option<usize>,
}

pub(super) struct Type {
    pub name: &'static str,
    pub kind: Kind,
    /// Resource types a Reference may name; empty: any.
    pub targets: Vec<&'static str>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Primitive(Primitive),
    /// A data type or nested element: its place in the table.
    Complex(usize),
    /// Any resource.
    Resource,
}

pub(super) struct ValueSet {
    pub url: &'static str,
    pub media_types: bool,
    codes: HashSet<&'static str>,
    coded: HashSet<(&'static str, &'static str)>,
}

impl ValueSet {
    pub(super) fn has_code(&self, code: &str) -> bool {
        self.codes.contains(code)
    }

    pub(super) fn has_coding(&self, system: &str, code: &str) -> bool {
        self.coded.contains(&(system, code))
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.codes.len()
    }
}

impl Schema {
    pub(super) fn get() -> &'static Schema {
        static SCHEMA: OnceLock<Schema> = OnceLock::new();
        SCHEMA.get_or_init(|| read(TABLE))
    }

    pub(super) fn type_at(&self, at: usize) -> &TypeDef {
        &self.types[at]
    }

    /// The definition of a concrete resource type.
    pub(super) fn resource(&self, name: &str) -> Option<&TypeDef> {
        if matches!(name, "Resource" | "DomainResource") {
            return None;
        }
        let def = &self.types[*self.by_name.get(name)?];
        let base = self.types.get(def.base?)?;
        matches!(base.name, "Resource" | "DomainResource").then_some(def)
    }

    /// The definition of the `_name` members beside primitives.
    pub(super) fn element(&self) -> Option<&TypeDef> {
        self.types.get(*self.by_name.get("Element")?)
    }

    pub(super) fn is_domain(&self, def: &TypeDef) -> bool {
        def.base.is_some_and(|base| self.types[base].name == "DomainResource")
    }

    pub(super) fn value_set(&self, at: usize) -> &ValueSet {
        &self.value_sets[at]
    }

    /// The element that a member name means in a type, its place among the type's own elements (`None` if it belongs
    /// to a base type), and which of its types the name says.
    pub(super) fn find<'s>(&'s self, def: &'s TypeDef, key: &str) -> Option<Found<'s>> {
        if let Some((field, ty)) = def.keys.get(key) {
            let at = *field;
            let field = &def.fields[at];
            return Some(Found { own: Some(at), field, ty: &field.types[*ty] });
        }
        let mut base = def.base;
        while let Some(at) = base {
            let def = &self.types[at];
            if let Some((field, ty)) = def.keys.get(key) {
                let field = &def.fields[*field];
                return Some(Found { own: None, field, ty: &field.types[*ty] });
            }
            base = def.base;
        }
        None
    }

    #[cfg(test)]
    pub(super) fn all_types(&self) -> &[TypeDef] {
        &self.types
    }

    #[cfg(test)]
    pub(super) fn all_value_sets(&self) -> &[ValueSet] {
        &self.value_sets
    }
}

pub(super) struct Found<'s> {
    pub own: Option<usize>,
    pub field: &'s Field,
    pub ty: &'s Type,
}

fn read(table: &'static str) -> Schema {
    let mut by_name = HashMap::new();
    for line in table.lines() {
        if let Some((name, _)) = line.strip_prefix('@').and_then(|rest| rest.split_once('\t')) {
            by_name.insert(name, by_name.len());
        }
    }
    let mut schema = Schema { types: Vec::with_capacity(by_name.len()), by_name, value_sets: Vec::new() };
    for line in table.lines() {
        if line.starts_with('#') {
            continue;
        } else if let Some(url) = line.strip_prefix('=') {
            schema.value_sets.push(ValueSet { url, media_types: false, codes: HashSet::new(), coded: HashSet::new() });
        } else if let Some((name, base)) = line.strip_prefix('@').and_then(|rest| rest.split_once('\t')) {
            let base = schema.by_name.get(base).copied();
            schema.types.push(TypeDef { name, base, fields: Vec::new(), rules: rules::of(name).collect(), keys: HashMap::new() });
        } else if let Some(def) = schema.types.last_mut() {
            read_field(line, def, &schema.by_name);
        } else if let Some(set) = schema.value_sets.last_mut() {
            read_codes(line, set);
        }
    }
    schema
}

fn read_codes(line: &'static str, set: &mut ValueSet) {
    if line == "*" {
        set.media_types = true;
        return;
    }
    let mut cells = line.split('\t');
    if let Some(system) = cells.next() {
        for code in cells {
            set.codes.insert(code);
            set.coded.insert((system, code));
        }
    }
}

fn read_field(line: &'static str, def: &mut TypeDef, by_name: &HashMap<&'static str, usize>) {
    let cells: Vec<&'static str> = line.split('\t').collect();
    let [name, min, max, types, rest @ ..] = cells.as_slice() else {
        return;
    };
    let choice = name.strip_suffix("[x]");
    let field_at = def.fields.len();
    let mut field = Field {
        name: choice.unwrap_or(name),
        choice: choice.is_some(),
        required: *min != "0",
        many: *max == "*",
        types: Vec::new(),
        value_set: rest.first().and_then(|number| number.parse().ok()),
    };
    for ty in types.split('|') {
        let (name, targets) = match ty.strip_suffix(')').and_then(|ty| ty.split_once('(')) {
            Some((name, targets)) => (name, targets.split(',').collect()),
            None => (ty, Vec::new()),
        };
        let kind = if name == "Resource" {
            Kind::Resource
        } else if let Some(primitive) = Primitive::named(name) {
            Kind::Primitive(primitive)
        } else if let Some(at) = by_name.get(name) {
            Kind::Complex(*at)
        } else {
            continue;
        };
        let key = if field.choice {
            let (first, rest) = name.split_at(1);
            format!("{}{}{rest}", field.name, first.to_ascii_uppercase())
        } else {
            field.name.to_owned()
        };
        def.keys.insert(key, (field_at, field.types.len()));
        field.types.push(Type { name, kind, targets });
    }
    def.fields.push(field);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_table_is_read() {
        let lines = |mark: &str| TABLE.lines().filter(|line| line.starts_with(mark)).count();
        let schema = Schema::get();
        assert_eq!(schema.all_types().len(), lines("@"));
        assert_eq!(schema.all_value_sets().len(), lines("="));
        let resources = schema.all_types().iter().filter(|def| schema.resource(def.name).is_some()).count();
        assert_eq!(resources, 146);
        let opens = TABLE.lines().position(|line| line.starts_with('@')).unwrap();
        let rows = TABLE.lines().skip(opens).filter(|line| !line.starts_with('@')).count();
        let fields: usize = schema.all_types().iter().map(|def| def.fields.len()).sum();
        assert_eq!(fields, rows);
        for rule in rules::all() {
            assert!(schema.by_name.contains_key(rule.at), "{} is set on nothing", rule.key);
        }
        for def in schema.all_types() {
            for field in &def.fields {
                assert!(!field.types.is_empty(), "{}.{}", def.name, field.name);
                assert!(field.choice || field.types.len() == 1, "{}.{}", def.name, field.name);
                if let Some(set) = field.value_set {
                    let set = schema.value_set(set);
                    assert!(set.media_types || set.len() > 0, "{}", set.url);
                }
                for target in field.types.iter().flat_map(|ty| &ty.targets) {
                    assert!(schema.resource(target).is_some(), "{target}");
                }
            }
        }
    }
}
