//! Hostile input: no panic, no unbounded work, and the same idea of JSON as a second parser.

use proptest::prelude::*;

use super::*;

#[test]
fn limits_hold() {
    let deep = "[".repeat(100_000);
    assert_eq!(faults(&deep)[0].kind, FaultKind::TooDeep);
    let nested = format!(r#"{{"resourceType":"Patient","a":{}{}}}"#, "[".repeat(64), "]".repeat(64));
    assert!(matches!(faults(&nested)[0].kind, FaultKind::TooDeep));
    let many = format!("[{}0]", "0,".repeat(MAX_VALUES));
    assert_eq!(faults(&many)[0].kind, FaultKind::TooManyValues);
    let large = vec![b' '; MAX_BYTES + 1];
    assert_eq!(validate(&large).unwrap_err().faults[0].kind, FaultKind::TooLarge);
    let faulty = format!(r#"{{"resourceType":"Patient","name":[{}null]}}"#, "null,".repeat(5_000));
    let refusal = validate(faulty.as_bytes()).unwrap_err();
    assert_eq!((refusal.faults.len(), refusal.more), (MAX_FAULTS, 4_001));
}

#[test]
fn repeated_names_are_found_in_small_and_large_objects() {
    let small = r#"{"resourceType":"Patient","name":[{"family":"a","family":"b"}]}"#;
    assert_eq!(paths(small), ["name[0].family"]);
    let fields: Vec<String> = (0..1_000).map(|n| format!(r#""x{}":1"#, n % 999)).collect();
    let large = format!(r#"{{"resourceType":"Patient","x":{{{}}}}}"#, fields.join(","));
    assert_eq!(paths(&large), ["x.x0", "x"]);
    let escaped = r#"{"resourceType":"Patient","active":true,"\u0061ctive":true}"#;
    assert_eq!(faults(escaped)[0].kind, FaultKind::RepeatedName);
}

#[test]
fn broken_json_is_refused_with_line_and_place() {
    let cases = [
        ("", JsonFault::End),
        ("{", JsonFault::End),
        ("{\"a\":1,}", JsonFault::Name),
        ("{a:1}", JsonFault::Name),
        ("{\"a\" 1}", JsonFault::Separator),
        ("[1 2]", JsonFault::Separator),
        ("[1,]", JsonFault::Value),
        ("01", JsonFault::Number),
        ("1.", JsonFault::Number),
        ("-", JsonFault::Number),
        ("NaN", JsonFault::Value),
        ("{} {}", JsonFault::Trailing),
        ("\"\\x\"", JsonFault::Escape),
        ("\"\\ud800\"", JsonFault::Surrogate),
        ("\"\\udc00\"", JsonFault::Surrogate),
        ("\"\t\"", JsonFault::Control),
    ];
    for (text, expected) in cases {
        let found = faults(text);
        assert!(matches!(&found[0].kind, FaultKind::NotJson { fault, .. } if *fault == expected), "{text}: {found:?}");
    }
    let broken = "{\"resourceType\":\"Patient\",\n \"name\":[{\"family\":tru}]}";
    assert_eq!(
        faults(broken)[0],
        Fault { path: "name[0].family".into(), kind: FaultKind::NotJson { line: 2, column: 20, fault: JsonFault::Value } }
    );
    assert!(matches!(validate(b"{\"a\":\"\xff\"}").unwrap_err().faults[0].kind, FaultKind::NotJson { fault: JsonFault::Utf8, .. }));
}

#[test]
fn a_byte_order_mark_is_passed_over() {
    assert!(validate(b"\xEF\xBB\xBF{\"resourceType\":\"Patient\"}").is_ok());
}

/// JSON made of the words FHIR uses, so that a walk goes deep.
fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let name = prop_oneof![
        Just("resourceType".to_owned()),
        Just("entry".to_owned()),
        Just("resource".to_owned()),
        Just("contained".to_owned()),
        Just("extension".to_owned()),
        Just("name".to_owned()),
        Just("_given".to_owned()),
        Just("given".to_owned()),
        Just("valueReference".to_owned()),
        Just("reference".to_owned()),
        Just("text".to_owned()),
        Just("div".to_owned()),
        Just("period".to_owned()),
        Just("type".to_owned()),
        "[a-zA-Z_]{0,6}",
    ];
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        ".{0,12}".prop_map(Into::into),
        "<div[ -~]{0,30}".prop_map(Into::into),
        "[0-9]{4}-[01][0-9]-[0-3][0-9](T[0-9:.+Z-]{0,16})?".prop_map(Into::into),
        prop_oneof!["Bundle", "Patient", "Observation", "document", "#", "#a", "urn:uuid:", "a/b/_history/", "é/é"].prop_map(Into::into),
    ];
    leaf.prop_recursive(7, 120, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Into::into),
            prop::collection::vec((name.clone(), inner), 0..8).prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_json_is_judged_without_panic(mut value in any_json(), ty in prop_oneof!["Bundle", "Patient", "Task"]) {
        if let Some(object) = value.as_object_mut() {
            object.insert("resourceType".into(), ty.into());
        }
        let _ = validate(&serde_json::to_vec(&value).unwrap());
    }

    #[test]
    fn any_bytes_are_judged_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = validate(&bytes);
    }

    #[test]
    fn torn_examples_are_judged_as_a_second_parser_does(
        pick in any::<prop::sample::Index>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), prop_oneof![any::<u8>(), Just(b'"'), Just(b'{'), Just(b','), Just(b'\\')]), 1..4),
        cut in any::<Option<prop::sample::Index>>(),
    ) {
        let examples = examples();
        let mut bytes = pick.get(&examples).1.clone();
        for (at, byte) in edits {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let refusal = validate(&bytes).err();
        let other: Result<serde_json::Value, _> = serde_json::from_slice(&bytes);
        let broken = refusal.is_some_and(|refusal| {
            refusal.faults.iter().any(|fault| matches!(fault.kind, FaultKind::NotJson { .. }))
        });
        // The one known difference: a number no f64 holds is JSON all the same.
        if !other.as_ref().is_err_and(|error| error.to_string().contains("number out of range")) {
            prop_assert_eq!(broken, other.is_err());
        }
    }
}
