//! Random defects of every kind, put anywhere into valid examples: each must be found, at its place.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::primitive::Primitive;
use super::super::schema::{Field, Kind, Schema, Type, TypeDef};
use super::*;

/// One element of an example: the way to the object that holds it, its name there, and its definition.
struct Site {
    object: Vec<Step>,
    path: String,
    def: &'static TypeDef,
    name: String,
    field: &'static Field,
    ty: &'static Type,
}

#[derive(Clone)]
enum Step {
    Key(String),
    Index(usize),
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn sites(value: &Value, def: Option<&'static TypeDef>, at: &mut Vec<Step>, path: &str, into: &mut Vec<Site>) {
    let schema = Schema::get();
    let Some(object) = value.as_object() else {
        return;
    };
    let named = value["resourceType"].as_str().and_then(|name| schema.resource(name));
    let Some(def) = def.or(named) else { return };
    for (name, value) in object {
        let Some(found) = schema.find(def, name) else {
            continue;
        };
        let below = match found.ty.kind {
            Kind::Complex(at) => Some(schema.type_at(at)),
            _ => None,
        };
        let here = join(path, name);
        into.push(Site { object: at.clone(), path: path.to_owned(), def, name: name.clone(), field: found.field, ty: found.ty });
        at.push(Step::Key(name.clone()));
        match value {
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    at.push(Step::Index(index));
                    sites(item, below, at, &format!("{here}[{index}]"), into);
                    at.pop();
                }
            }
            _ => sites(value, below, at, &here, into),
        }
        at.pop();
    }
}

fn at<'v>(value: &'v mut Value, steps: &[Step]) -> &'v mut Value {
    steps.iter().fold(value, |value, step| match step {
        Step::Key(key) => &mut value[key],
        Step::Index(index) => &mut value[index],
    })
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Defect {
    UnknownElement,
    MissingElement,
    WrongJsonType,
    ArrayForOne,
    OneForArray,
    EmptyArray,
    EmptyObject,
    Null,
    CodeNotInSet,
    BadPrimitive,
    TwoChoices,
    ReferenceType,
    ReferenceForm,
    Unresolved,
}

const DEFECTS: [Defect; 14] = [
    Defect::UnknownElement,
    Defect::MissingElement,
    Defect::WrongJsonType,
    Defect::ArrayForOne,
    Defect::OneForArray,
    Defect::EmptyArray,
    Defect::EmptyObject,
    Defect::Null,
    Defect::CodeNotInSet,
    Defect::BadPrimitive,
    Defect::TwoChoices,
    Defect::ReferenceType,
    Defect::ReferenceForm,
    Defect::Unresolved,
];

fn bad_text(kind: Primitive) -> Option<Value> {
    Some(match kind {
        Primitive::Date => json!("2023-02-29"),
        Primitive::DateTime => json!("2023-02-29T10:00:00Z"),
        Primitive::Instant => json!("2023-02-28T10:00:00"),
        Primitive::Time => json!("24:00:00"),
        Primitive::Id => json!("not an id"),
        Primitive::Code => json!(" code"),
        Primitive::Uri | Primitive::Url | Primitive::Canonical => json!("http://a b"),
        Primitive::Oid | Primitive::Uuid => json!("urn:x"),
        Primitive::Base64Binary => json!("####"),
        Primitive::Xhtml => json!("<div><script/></div>"),
        Primitive::String | Primitive::Markdown => json!(""),
        Primitive::PositiveInt => json!(0),
        Primitive::UnsignedInt => json!(-1),
        Primitive::Integer => json!(1.5),
        Primitive::Boolean | Primitive::Decimal => return None,
    })
}

/// Puts the defect in at the site; gives the places of which one must be named, or `None` if it does not apply there.
fn put(root: &mut Value, site: &Site, defect: Defect) -> Option<Vec<String>> {
    let here = join(&site.path, &site.name);
    let primitive = match site.ty.kind {
        Kind::Primitive(kind) => Some(kind),
        _ => None,
    };
    let in_bundle = root["resourceType"] == "Bundle";
    let object = at(root, &site.object).as_object_mut()?;
    // An item of a repeating element is damaged in its array.
    let (item_path, item) = match object.get_mut(&site.name)? {
        Value::Array(items) => (format!("{here}[0]"), items.first_mut()?),
        value => (here.clone(), value),
    };
    match defect {
        Defect::UnknownElement => {
            object.insert("careContext".into(), json!({"text": "x"}));
            return Some(vec![join(&site.path, "careContext")]);
        }
        Defect::MissingElement => {
            if !site.field.required {
                return None;
            }
            object.remove(&site.name);
            object.remove(&format!("_{}", site.name));
            let suffix = if site.field.choice { "[x]" } else { "" };
            let mut places = vec![format!("{}{suffix}", join(&site.path, site.field.name))];
            if object.is_empty() {
                places.push(site.path.clone());
            }
            return Some(places);
        }
        Defect::WrongJsonType => {
            *item = match primitive.map(Primitive::shape) {
                Some(Shape::Boolean) => json!("true"),
                Some(Shape::Number) => json!(item.to_string()),
                Some(_) => json!(7),
                None => json!("text"),
            };
        }
        Defect::ArrayForOne => {
            if site.field.many {
                return None;
            }
            *item = json!([item.clone()]);
        }
        Defect::OneForArray => {
            if !site.field.many {
                return None;
            }
            let one = item.clone();
            object.insert(site.name.clone(), one);
            return Some(vec![here]);
        }
        Defect::EmptyArray => {
            if !site.field.many {
                return None;
            }
            object.insert(site.name.clone(), json!([]));
            return Some(vec![here]);
        }
        Defect::EmptyObject => match site.ty.kind {
            Kind::Primitive(_) => return None,
            Kind::Resource => return None,
            Kind::Complex(_) => *item = json!({}),
        },
        Defect::Null => *item = Value::Null,
        Defect::CodeNotInSet => {
            if site.field.value_set.is_none() || primitive != Some(Primitive::Code) {
                return None;
            }
            *item = json!("not-a-code");
        }
        Defect::BadPrimitive => *item = bad_text(primitive?)?,
        Defect::TwoChoices => {
            let other = site.field.types.iter().find(|ty| ty.name != site.ty.name)?;
            let (first, rest) = other.name.split_at(1);
            let name = format!("{}{}{rest}", site.field.name, first.to_ascii_uppercase());
            object.insert(name.clone(), json!({"extension": [{"url": "http://x", "valueBoolean": true}]}));
            return Some(vec![here, join(&site.path, &name)]);
        }
        Defect::ReferenceType | Defect::ReferenceForm | Defect::Unresolved => {
            if site.ty.name != "Reference" {
                return None;
            }
            let reference = match defect {
                Defect::ReferenceType if !site.ty.targets.is_empty() => "Basic/1",
                Defect::ReferenceForm => "just words",
                Defect::Unresolved if in_bundle => "urn:uuid:00000000-0000-4000-8000-000000000000",
                _ => return None,
            };
            item.as_object_mut()?.remove("type");
            item.as_object_mut()?.insert("reference".into(), json!(reference));
            return Some(vec![format!("{item_path}.reference")]);
        }
    }
    Some(vec![item_path])
}

/// Where an extension takes the place of a value, some defects are none.
fn extended(root: &Value, site: &Site) -> bool {
    let object = site.object.iter().fold(root, |value, step| match step {
        Step::Key(key) => &value[key],
        Step::Index(index) => &value[index],
    });
    object.get(format!("_{}", site.name)).is_some()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, max_global_rejects: 100_000, ..ProptestConfig::default() })]

    #[test]
    fn every_random_defect_is_found_at_its_place(
        example in any::<prop::sample::Index>(),
        site in any::<prop::sample::Index>(),
        defect in prop::sample::select(&DEFECTS[..]),
    ) {
        let examples = examples();
        let (name, bytes) = example.get(&examples);
        let mut root: Value = serde_json::from_slice(bytes).unwrap();
        let mut all = Vec::new();
        sites(&root, None, &mut Vec::new(), "", &mut all);
        let site = site.get(&all);
        prop_assume!(!extended(&root, site));
        let places = put(&mut root, site, defect);
        prop_assume!(places.is_some());
        let places = places.unwrap();
        let found = faults(&root.to_string());
        prop_assert!(
            found.iter().any(|fault| places.contains(&fault.path)),
            "{name}: {defect:?} at {places:?} in {}: {:?}", site.def.name, found
        );
    }
}

/// All that the property above draws from, each kind once at the first place it fits: none is there in name only.
#[test]
fn every_kind_of_defect_fits_somewhere() {
    let examples = examples();
    for defect in DEFECTS {
        let mut hits = 0;
        for (_, bytes) in &examples {
            let root: Value = serde_json::from_slice(bytes).unwrap();
            let mut all = Vec::new();
            sites(&root, None, &mut Vec::new(), "", &mut all);
            let fit = all.iter().filter(|site| !extended(&root, site)).find_map(|site| {
                let mut broken = root.clone();
                put(&mut broken, site, defect).map(|places| (broken, places))
            });
            if let Some((broken, places)) = fit {
                let found = faults(&broken.to_string());
                assert!(found.iter().any(|fault| places.contains(&fault.path)), "{places:?} {found:?}");
                hits += 1;
            }
        }
        assert!(hits > 2, "{defect:?}");
    }
}
