//! Each rule once kept and once broken, by hand.

use super::*;

/// Wraps elements in a resource: `resource("Patient", r#""active":true"#)`.
fn resource(ty: &str, elements: &str) -> String {
    let comma = if elements.is_empty() { "" } else { "," };
    format!(r#"{{"resourceType":"{ty}"{comma}{elements}}}"#)
}

fn taken(ty: &str, elements: &str) {
    let found = faults(&resource(ty, elements));
    assert!(found.is_empty(), "{ty} {elements}: {found:?}");
}

fn refused(ty: &str, elements: &str, place: &str) {
    let found = paths(&resource(ty, elements));
    assert_eq!(found, [place], "{ty} {elements}");
}

fn broken(ty: &str, elements: &str, rule: &str, place: &str) {
    let found = faults(&resource(ty, elements));
    let hit = found.iter().any(|fault| fault.path == place && matches!(fault.kind, FaultKind::Invariant { key, .. } if key == rule));
    assert!(hit, "{ty} {elements}: {found:?}");
}

#[test]
fn resource_types() {
    assert_eq!(faults("{}")[0].kind, FaultKind::NoResourceType);
    assert_eq!(paths("[]"), [""]);
    for ty in ["Patent", "DomainResource", "Resource", "HumanName", "Patient.contact", "Citation", "string", ""] {
        assert_eq!(faults(&resource(ty, ""))[0].kind, FaultKind::UnknownResourceType, "{ty}");
    }
    taken("Patient", "");
    taken("Basic", r#""code":{"text":"x"}"#);
}

#[test]
fn dates_and_times() {
    let day = |date: &str| format!(r#""birthDate":"{date}""#);
    for date in ["2024", "2024-02", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"] {
        taken("Patient", &day(date));
    }
    for date in [
        "",
        "24",
        "2023-02-29",
        "1900-02-29",
        "2024-13",
        "2024-00-01",
        "2024-04-31",
        "2024-1-1",
        "2024-01-01T00:00:00Z",
        "0000-01-01",
        "2024-01-01 ",
        "2024/01/01",
        "20240101",
        "2024-",
        "2024-01-",
        "２０２４",
    ] {
        refused("Patient", &day(date), "birthDate");
    }
    let time = |time: &str| format!(r#""deceasedDateTime":"{time}""#);
    for good in ["2024", "2024-02-29", "2024-02-29T23:59:60Z", "2024-02-29T10:00:00.123456789+14:00", "2024-02-29T10:00:00-13:59"] {
        taken("Patient", &time(good));
    }
    for bad in [
        "2024-02-29T10:00Z",
        "2024-02-29T10:00:00",
        "2024-02-29T24:00:00Z",
        "2024-02-30T10:00:00Z",
        "2024-02-29t10:00:00Z",
        "2024-02-29T10:00:00+14:01",
        "2024-02-29T10:00:00+15:00",
        "2024-02-29T10:00:00.Z",
        "2024-02T10:00:00Z",
        "2024-02-29T10:00:00z",
        "2024-02-29T10:60:00Z",
        "2024-02-29T10:00:00+1:00",
        "2024-02-29T",
        "T10:00:00Z",
    ] {
        refused("Patient", &time(bad), "deceasedDateTime");
    }
    let updated = |time: &str| format!(r#""meta":{{"lastUpdated":"{time}"}}"#);
    taken("Patient", &updated("2024-02-29T10:00:00Z"));
    for bad in ["2024-02-29", "2024-02-29T10:00:00", "2024"] {
        refused("Patient", &updated(bad), "meta.lastUpdated");
    }
}

#[test]
fn texts_and_numbers() {
    for (elements, place) in [
        (r#""id":"a_b""#, "id"),
        (r#""id":"""#, "id"),
        (r#""implicitRules":"http://a b""#, "implicitRules"),
        (r#""language":" en""#, "language"),
        (r#""language":"en  gb""#, "language"),
        (r#""name":[{"family":"\u0007"}]"#, "name[0].family"),
        (r#""name":[{"family":""}]"#, "name[0].family"),
        (r#""telecom":[{"rank":0}]"#, "telecom[0].rank"),
        (r#""telecom":[{"rank":1.0}]"#, "telecom[0].rank"),
        (r#""telecom":[{"rank":"1"}]"#, "telecom[0].rank"),
        (r#""telecom":[{"rank":2147483648}]"#, "telecom[0].rank"),
        (r#""multipleBirthInteger":1e0"#, "multipleBirthInteger"),
        (r#""multipleBirthInteger":-2147483649"#, "multipleBirthInteger"),
        (r#""active":1"#, "active"),
        (r#""active":"true""#, "active"),
        (r#""photo":[{"contentType":"image","url":"x"}]"#, "photo[0].contentType"),
        (r#""photo":[{"contentType":"image/png","data":"abc"}]"#, "photo[0].data"),
        (r#""photo":[{"contentType":"image/png","size":-1}]"#, "photo[0].size"),
        (r#""extension":[{"url":"u","valueOid":"urn:oid:1.02"}]"#, "extension[0].valueOid"),
        (r#""extension":[{"url":"u","valueUuid":"urn:uuid:C757873D"}]"#, "extension[0].valueUuid"),
        (r#""extension":[{"url":"u","valueTime":"25:00:00"}]"#, "extension[0].valueTime"),
        (r#""extension":[{"url":"u","valueTime":"10:00"}]"#, "extension[0].valueTime"),
        (r#""extension":[{"url":"u","valueDecimal":"1.0"}]"#, "extension[0].valueDecimal"),
        (r#""extension":[{"url":"u","valueDecimal":1e999}]"#, "extension[0].valueDecimal"),
        (r#""extension":[{"url":"u","valueMoney":{"value":1,"currency":"ABC"}}]"#, "extension[0].valueMoney.currency"),
    ] {
        refused("Patient", elements, place);
    }
    taken("Patient", r#""id":"A.b-1","multipleBirthInteger":-3,"telecom":[{"rank":2147483647}]"#);
    taken("Patient", r#""photo":[{"contentType":"text/html; charset=utf-8","data":"YWJj ZGVm\nYQ=="}]"#);
    taken("Patient", r#""extension":[{"url":"u","valueOid":"urn:oid:2.16.840"},{"url":"u","valueDecimal":-1.50E+2}]"#);
}

#[test]
fn elements_numbers_and_choices() {
    for (elements, place) in [
        (r#""animal":{"species":{"text":"x"}}"#, "animal"),
        (r#""name":{"family":"x"}"#, "name"),
        (r#""name":[]"#, "name"),
        (r#""name":[{}]"#, "name[0]"),
        (r#""name":[{"id":"x"}]"#, "name[0]"),
        (r#""name":[null]"#, "name[0]"),
        (r#""name":["x"]"#, "name[0]"),
        (r#""gender":["male"]"#, "gender"),
        (r#""gender":null"#, "gender"),
        (r#""gender":"Male""#, "gender"),
        (r#""deceasedBoolean":true,"deceasedDateTime":"2024""#, "deceasedDateTime"),
        (r#""deceasedBoolean":true,"_deceasedDateTime":{"id":"x","extension":[{"url":"u","valueCode":"x"}]}"#, "deceasedDateTime"),
        (r#""deceasedString":"x""#, "deceasedString"),
        (r#""deceased":true"#, "deceased"),
        (r#""communication":[{"preferred":true}]"#, "communication[0].language"),
        (r#""link":[{"other":{"reference":"Patient/1"}}]"#, "link[0].type"),
        (r#""maritalStatus":{"resourceType":"CodeableConcept","text":"x"}"#, "maritalStatus.resourceType"),
        (r#""maritalStatus":{"modifierExtension":[{"url":"u","valueCode":"x"}],"text":"x"}"#, "maritalStatus.modifierExtension"),
    ] {
        refused("Patient", elements, place);
    }
    refused("Observation", r#""code":{"text":"x"}"#, "status");
    refused("MedicationRequest", r#""status":"active","intent":"order","subject":{"display":"x"}"#, "medication[x]");
}

#[test]
fn primitive_extensions_and_nulls() {
    let gap = r#"{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"unknown"}]}"#;
    taken("Patient", &format!(r#""_birthDate":{gap}"#));
    taken("Patient", r#""birthDate":"2024","_birthDate":{"id":"b"}"#);
    taken("Patient", &format!(r#""name":[{{"given":["A",null],"_given":[null,{gap}]}}]"#));
    taken("Patient", &format!(r#""name":[{{"_given":[{gap}]}}]"#));
    taken("Observation", &format!(r#""_status":{gap},"code":{{"text":"x"}}"#));
    for (elements, place) in [
        (r#""_birthDate":{"id":"b"}"#, "birthDate"),
        (r#""_birthDate":{}"#, "birthDate"),
        (r#""birthDate":"2024","_birthDate":null"#, "birthDate"),
        (r#""birthDate":"2024","_birthDate":[{"id":"x"}]"#, "birthDate"),
        (r#""birthDate":"2024","_birthDate":{"x":1}"#, "birthDate.x"),
        (r#""name":[{"given":["A",null]}]"#, "name[0].given[1]"),
        (r#""name":[{"given":["A",null],"_given":[null,null]}]"#, "name[0].given[1]"),
        (r#""name":[{"given":["A"],"_given":{"id":"x"}}]"#, "name[0].given"),
        (r#""_name":[{"id":"x"}]"#, "_name"),
        (r#""_active":{"extension":[{"url":"u"}]}"#, "active.extension[0]"),
        (r#""_active":{"extension":[{"valueCode":"u"}]}"#, "active.extension[0].url"),
    ] {
        let found = paths(&resource("Patient", elements));
        assert!(found.contains(&place.to_owned()), "{elements}: {found:?}");
    }
}

#[test]
fn required_bindings_of_concepts() {
    let condition = |status: &str| format!(r#""subject":{{"display":"x"}},"clinicalStatus":{status}"#);
    let system = "http://terminology.hl7.org/CodeSystem/condition-clinical";
    taken("Condition", &condition(&format!(r#"{{"coding":[{{"system":"{system}","code":"active"}}]}}"#)));
    taken("Condition", &condition(&format!(r#"{{"coding":[{{"code":"x"}},{{"system":"{system}","code":"active"}}]}}"#)));
    for status in [
        r#"{"text":"active"}"#.to_owned(),
        r#"{"coding":[{"code":"active"}]}"#.to_owned(),
        format!(r#"{{"coding":[{{"system":"{system}","code":"Active"}}]}}"#),
        r#"{"coding":[{"system":"http://x","code":"active"}]}"#.to_owned(),
    ] {
        refused("Condition", &condition(&status), "clinicalStatus");
    }
}

#[test]
fn references() {
    let to = |reference: &str| format!(r#""managingOrganization":{{"reference":"{reference}"}}"#);
    for good in [
        "Organization/1",
        "Organization/1/_history/2",
        "Organization?identifier=http://x|1",
        "http://x.org/fhir/Organization/1",
        "http://x.org/any",
        "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0",
    ] {
        taken("Patient", &to(good));
    }
    for bad in [
        "Patient/1",
        "Patient?x=1",
        "http://x.org/fhir/Patient/1/_history/3",
        "organization/1",
        "Organization/",
        "Organization",
        "Organization/a b",
        "Organization?",
        "x",
        "Organization/1/_history/",
        "#x",
        "#",
        "/Organization/1",
    ] {
        refused("Patient", &to(bad), "managingOrganization.reference");
    }
    refused("Patient", r#""managingOrganization":{"type":"Patient","display":"x"}"#, "managingOrganization.type");
    refused("Patient", r#""generalPractitioner":[{"reference":"Practitioner/1","type":"Organization"}]"#, "generalPractitioner[0].type");
    let bundle = |target: &str| {
        format!(
            r#""type":"collection","entry":[{{"fullUrl":"urn:uuid:a","resource":{{"resourceType":"Organization","name":"x"}}}},
            {{"fullUrl":"urn:uuid:b","resource":{{"resourceType":"Patient","managingOrganization":{{"reference":"{target}"}}}}}}]"#
        )
    };
    taken("Bundle", &bundle("urn:uuid:a"));
    for target in ["urn:uuid:b", "urn:uuid:c", "urn:oid:1.2"] {
        refused("Bundle", &bundle(target), "entry[1].resource.managingOrganization.reference");
    }
}

#[test]
fn contained_resources() {
    let patient =
        |contained: &str, reference: &str| format!(r#""contained":[{contained}],"managingOrganization":{{"reference":"{reference}"}}"#);
    let organization = |more: &str| format!(r#"{{"resourceType":"Organization","id":"o","name":"x"{more}}}"#);
    taken("Patient", &patient(&organization(""), "#o"));
    broken("Patient", &patient(&organization(""), "#p"), "ref-1", "managingOrganization.reference");
    broken("Patient", &patient(&organization(""), "Organization/1"), "dom-3", "contained[0]");
    let meta = r#","meta":{"versionId":"1","security":[{"code":"x"}]}"#;
    broken("Patient", &patient(&organization(meta), "#o"), "dom-4", "contained[0].meta.versionId");
    broken("Patient", &patient(&organization(meta), "#o"), "dom-5", "contained[0].meta.security");
    let nested = r##","contained":[{"resourceType":"Patient","managingOrganization":{"reference":"#"}}]"##;
    broken("Patient", &patient(&organization(nested), "#o"), "dom-2", "contained[0].contained");
    refused("Patient", &patient(r#"{"resourceType":"Organization","id":"o"}"#, "#o"), "contained[0].name");
    refused("Patient", &patient(r#"{"resourceType":"Patient","id":"o"}"#, "#o"), "managingOrganization.reference");
    let twice = format!("{0},{0}", organization(""));
    refused("Patient", &patient(&twice, "#o"), "contained[1].id");
}

#[test]
fn bundles() {
    let entry = r#"{"fullUrl":"urn:uuid:a","resource":{"resourceType":"Patient"}}"#;
    let request = r#"{"resource":{"resourceType":"Patient"},"request":{"method":"POST","url":"Patient"}}"#;
    taken("Bundle", &format!(r#""type":"collection","entry":[{entry}]"#));
    taken("Bundle", &format!(r#""type":"transaction","entry":[{request}]"#));
    for (elements, rule, place) in [
        (r#""type":"collection","total":1"#.to_owned(), "bdl-1", "total"),
        (
            r#""type":"collection","entry":[{"resource":{"resourceType":"Patient"},"search":{"mode":"match"}}]"#.to_owned(),
            "bdl-2",
            "entry[0].search",
        ),
        (format!(r#""type":"transaction","entry":[{entry}]"#), "bdl-3", "entry[0].request"),
        (format!(r#""type":"collection","entry":[{request}]"#), "bdl-3", "entry[0].request"),
        (format!(r#""type":"batch-response","entry":[{entry}]"#), "bdl-4", "entry[0].response"),
        (r#""type":"collection","entry":[{"fullUrl":"urn:uuid:a"}]"#.to_owned(), "bdl-5", "entry[0].resource"),
        (format!(r#""type":"collection","entry":[{entry},{entry}]"#), "bdl-7", "entry[1].fullUrl"),
        (
            r#""type":"collection","entry":[{"fullUrl":"http://x/Patient/1/_history/1","resource":{"resourceType":"Patient"}}]"#.to_owned(),
            "bdl-8",
            "entry[0].fullUrl",
        ),
        (format!(r#""type":"document","entry":[{entry}]"#), "bdl-9", "identifier.system"),
        (format!(r#""type":"document","entry":[{entry}]"#), "bdl-10", "timestamp"),
        (format!(r#""type":"document","entry":[{entry}]"#), "bdl-11", "entry[0].resource"),
        (format!(r#""type":"message","entry":[{entry}]"#), "bdl-12", "entry[0].resource"),
    ] {
        broken("Bundle", &elements, rule, place);
    }
}

#[test]
fn narratives() {
    let text = |div: &str| format!(r#""text":{{"status":"generated","div":"{div}"}}"#);
    for good in [
        "<div xmlns='http://www.w3.org/1999/xhtml'>A<br/><b>b</b><!-- c --> &amp; <img src='#x' alt='x'/></div>",
        "<div/>",
        " <div> </div> ",
    ] {
        taken("Patient", &text(good));
    }
    for bad in [
        "plain",
        "<p>x</p>",
        "<div>x",
        "<div>x</p>",
        "<div><b>x</div></b>",
        "<div>x</div><div>y</div>",
        "<div>x</div>y",
        "<div><script>x</script></div>",
        "<div onclick='x'>x</div>",
        "<div><a href=' JavaScript:x'>x</a></div>",
        "<div><a href=x>x</a></div>",
        "<div",
        "<div class='x",
        "<div><!-- x</div>",
        "<divx>y</divx>",
        "<div><></div>",
    ] {
        refused("Patient", &text(bad), "text.div");
    }
}

#[test]
fn invariants_of_records() {
    let appointment = |rest: &str| format!(r#""participant":[{{"actor":{{"display":"x"}},"status":"accepted"}}],{rest}"#);
    let (start, end) = (r#""start":"2024-01-01T09:00:00Z""#, r#""end":"2024-01-01T09:10:00Z""#);
    taken("Appointment", &appointment(&format!(r#""status":"booked",{start},{end}"#)));
    taken("Appointment", &appointment(r#""status":"waitlist""#));
    broken("Appointment", &appointment(&format!(r#""status":"proposed",{start}"#)), "app-2", "end");
    broken("Appointment", &appointment(r#""status":"booked""#), "app-3", "start");
    broken(
        "Appointment",
        &appointment(&format!(r#""status":"booked",{start},{end},"cancelationReason":{{"text":"x"}}"#)),
        "app-4",
        "cancelationReason",
    );
    broken("Appointment", r#""status":"waitlist","participant":[{"status":"accepted"}]"#, "app-1", "participant[0].actor");

    let observation = |rest: &str| format!(r#""status":"final","code":{{"coding":[{{"system":"s","code":"c"}}]}},{rest}"#);
    broken("Observation", &observation(r#""valueString":"x","dataAbsentReason":{"text":"x"}"#), "obs-6", "dataAbsentReason");
    let component = r#""component":[{"code":{"coding":[{"code":"c","system":"s"}]},"valueString":"x"}]"#;
    taken("Observation", &observation(component));
    broken("Observation", &observation(&format!(r#""valueString":"x",{component}"#)), "obs-7", "component");
    broken("Observation", &observation(r#""referenceRange":[{"type":{"text":"x"}}]"#), "obs-3", "referenceRange[0]");
    broken("Observation", &observation(r#""referenceRange":[{"low":{"value":1,"comparator":"<"}}]"#), "sqty-1", "referenceRange[0].low");
    broken("Observation", &observation(r#""valueQuantity":{"value":1,"code":"kg"}"#), "qty-3", "valueQuantity.system");
    broken("Observation", &observation(r#""valueRange":{"low":{"value":10.5},"high":{"value":9.50}}"#), "rng-2", "valueRange.high");
    broken("Observation", &observation(r#""valueRatio":{"numerator":{"value":1}}"#), "rat-1", "valueRatio.denominator");

    let coded = |system: &str, code: &str| {
        format!(r#"{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/{system}","code":"{code}"}}]}}"#)
    };
    let (active, resolved) = (coded("condition-clinical", "active"), coded("condition-clinical", "resolved"));
    let condition = |rest: &str| format!(r#""subject":{{"display":"x"}},{rest}"#);
    taken("Condition", &condition(&format!(r#""clinicalStatus":{resolved},"abatementDateTime":"2024""#)));
    broken("Condition", &condition(&format!(r#""clinicalStatus":{active},"abatementDateTime":"2024""#)), "con-4", "clinicalStatus");
    let error = coded("condition-ver-status", "entered-in-error");
    broken("Condition", &condition(&format!(r#""clinicalStatus":{active},"verificationStatus":{error}"#)), "con-5", "clinicalStatus");
    broken("Condition", &condition(r#""onsetAge":{"value":3}"#), "age-1", "onsetAge.code");

    let active = coded("allergyintolerance-clinical", "active");
    let error = coded("allergyintolerance-verification", "entered-in-error");
    let allergy = |rest: &str| format!(r#""patient":{{"display":"x"}},{rest}"#);
    taken("AllergyIntolerance", &allergy(&format!(r#""clinicalStatus":{active}"#)));
    taken("AllergyIntolerance", &allergy(&format!(r#""verificationStatus":{error}"#)));
    broken("AllergyIntolerance", &allergy(r#""type":"allergy""#), "ait-1", "clinicalStatus");
    broken(
        "AllergyIntolerance",
        &allergy(&format!(r#""clinicalStatus":{active},"verificationStatus":{error}"#)),
        "ait-2",
        "clinicalStatus",
    );

    broken("Patient", r#""contact":[{"gender":"male"}]"#, "pat-1", "contact[0]");
    broken("Patient", r#""telecom":[{"value":"1"}]"#, "cpt-2", "telecom[0].system");
    broken("Patient", r#""photo":[{"data":"YWJj"}]"#, "att-1", "photo[0].contentType");
    broken("Patient", r#""extension":[{"url":"u"}]"#, "ext-1", "extension[0]");
    broken("Organization", r#""alias":["x"]"#, "org-1", "name");
}

#[test]
fn periods_and_timings() {
    let period = |start: &str, end: &str| format!(r#""name":[{{"period":{{"start":"{start}","end":"{end}"}}}}]"#);
    for (start, end) in [
        ("2024", "2024-01-01"),
        ("2024-05-02", "2024-05"),
        ("2024-05-02T10:00:00+02:00", "2024-05-02T08:00:00Z"),
        ("2024-05-02T10:00:00+02:00", "2024-05-02T09:00:00+01:00"),
        ("2024-05-02", "2024-05-02T00:00:00Z"),
        ("1999-12-31T23:59:59.999Z", "2000-01-01T00:00:00Z"),
    ] {
        taken("Patient", &period(start, end));
    }
    for (start, end) in [
        ("2025", "2024-01-01"),
        ("2024-05-02", "2024-05-01T23:59:59Z"),
        ("2024-05-02T10:00:00+02:00", "2024-05-02T07:59:59Z"),
        ("2024-05-02T10:00:00.002Z", "2024-05-02T10:00:00.001Z"),
    ] {
        broken("Patient", &period(start, end), "per-1", "name[0].period.end");
    }
    let repeat = |repeat: &str| {
        format!(
            r#""status":"active","intent":"order","subject":{{"display":"x"}},"medicationCodeableConcept":{{"text":"x"}},
            "dosageInstruction":[{{"timing":{{"repeat":{{{repeat}}}}}}}]"#
        )
    };
    taken("MedicationRequest", &repeat(r#""frequency":1,"period":1,"periodUnit":"d""#));
    for (elements, rule, place) in [
        (r#""duration":1"#, "tim-1", "durationUnit"),
        (r#""period":1"#, "tim-2", "periodUnit"),
        (r#""duration":-1,"durationUnit":"d""#, "tim-4", "duration"),
        (r#""period":-1,"periodUnit":"d""#, "tim-5", "period"),
        (r#""periodMax":1"#, "tim-6", "period"),
        (r#""durationMax":1"#, "tim-7", "duration"),
        (r#""countMax":1"#, "tim-8", "count"),
        (r#""offset":1"#, "tim-9", "offset"),
        (r#""offset":1,"when":["CM"]"#, "tim-9", "offset"),
        (r#""timeOfDay":["10:00:00"],"when":["AC"]"#, "tim-10", "when"),
    ] {
        let place = format!("dosageInstruction[0].timing.repeat.{place}");
        broken("MedicationRequest", &repeat(elements), rule, &place);
    }
}

#[test]
fn other_invariants() {
    let extension = |value: &str| format!(r#""extension":[{{"url":"u",{value}}}]"#);
    for (value, rule, below) in [
        (r#""valueCount":{"value":1}"#, "cnt-3", "valueCount.code"),
        (r#""valueCount":{"value":1.5,"code":"1","system":"http://unitsofmeasure.org"}"#, "cnt-3", "valueCount.value"),
        (r#""valueCount":{"code":"1"}"#, "qty-3", "valueCount.system"),
        (r#""valueCount":{"code":"1","system":"http://x"}"#, "cnt-3", "valueCount.system"),
        (r#""valueDistance":{"value":1}"#, "dis-1", "valueDistance.code"),
        (r#""valueDistance":{"code":"m"}"#, "qty-3", "valueDistance.system"),
        (r#""valueDistance":{"code":"m","system":"http://x"}"#, "dis-1", "valueDistance.system"),
        (r#""valueAge":{"code":"a"}"#, "qty-3", "valueAge.system"),
        (r#""valueAge":{"code":"a","system":"http://x"}"#, "age-1", "valueAge.system"),
        (r#""valueAge":{"value":0}"#, "age-1", "valueAge.value"),
        (r#""valueDuration":{"code":"d","system":"http://unitsofmeasure.org"}"#, "drt-1", "valueDuration"),
        (r#""valueDuration":{"code":"d"}"#, "qty-3", "valueDuration.system"),
        (r#""valueExpression":{"language":"text/cql"}"#, "exp-1", "valueExpression"),
        (r#""valueRange":{"low":{"comparator":"<"}}"#, "sqty-1", "valueRange.low"),
        (r#""valueRatio":{"denominator":{"value":1}}"#, "rat-1", "valueRatio.numerator"),
        (r#""valueDataRequirement":{"codeFilter":[{"valueSet":"x"}]}"#, "drq-1", "valueDataRequirement.codeFilter[0]"),
        (r#""valueDataRequirement":{"dateFilter":[{"valueDateTime":"2024"}]}"#, "drq-2", "valueDataRequirement.dateFilter[0]"),
        (r#""valueTriggerDefinition":{"data":[],"timingDate":"2024"}"#, "trd-1", "valueTriggerDefinition.data"),
        (r#""valueTriggerDefinition":{"condition":{}}"#, "trd-2", "valueTriggerDefinition.data"),
        (r#""valueTriggerDefinition":{"type":"named-event"}"#, "trd-3", "valueTriggerDefinition.name"),
        (r#""valueTriggerDefinition":{"type":"periodic"}"#, "trd-3", "valueTriggerDefinition"),
        (r#""valueTriggerDefinition":{"type":"data-added"}"#, "trd-3", "valueTriggerDefinition.data"),
    ] {
        broken("Patient", &extension(value), rule, &format!("extension[0].{below}"));
    }
    let question = |rest: &str| format!(r#""status":"active","item":[{{"linkId":"1",{rest}}}]"#);
    for (rest, rule, below) in [
        (r#""type":"group""#, "que-1", "item"),
        (r#""type":"display","item":[{"linkId":"2","type":"string"}]"#, "que-1", "item"),
        (r#""type":"display","code":[{"code":"x"}]"#, "que-3", "code"),
        (r#""type":"choice","answerValueSet":"x","answerOption":[{"valueString":"x"}]"#, "que-4", "answerValueSet"),
        (r#""type":"boolean","answerValueSet":"x""#, "que-5", "type"),
        (r#""type":"display","required":true"#, "que-6", "type"),
        (r#""type":"string","enableWhen":[{"question":"1","operator":"exists","answerString":"x"}]"#, "que-7", "enableWhen[0].operator"),
        (r#""type":"display","initial":[{"valueString":"x"}]"#, "que-8", "initial"),
        (r#""type":"display","readOnly":true"#, "que-9", "readOnly"),
        (r#""type":"date","maxLength":3"#, "que-10", "maxLength"),
        (r#""type":"choice","answerOption":[{"valueString":"x"}],"initial":[{"valueString":"x"}]"#, "que-11", "initial"),
        (r#""type":"string","enableWhen":[{},{}]"#, "que-12", "enableBehavior"),
        (r#""type":"string","initial":[{"valueString":"x"},{"valueString":"y"}]"#, "que-13", "initial"),
    ] {
        broken("Questionnaire", &question(rest), rule, &format!("item[0].{below}"));
    }
    let twice = r#""type":"group","item":[{"linkId":"1","type":"string"}]"#;
    broken("Questionnaire", &question(twice), "que-2", "item");
    for (ty, elements, rule, place) in [
        ("Condition", r#""stage":[{"type":{"text":"x"}}]"#, "con-1", "stage[0]"),
        ("Condition", r#""evidence":[{"extension":[]}]"#, "con-2", "evidence[0]"),
        ("Organization", r#""address":[{"use":"home"}]"#, "org-2", "address"),
        ("Organization", r#""telecom":[{"use":"home"}]"#, "org-3", "telecom"),
        ("AppointmentResponse", r#""participantStatus":"accepted""#, "apr-1", "actor"),
        ("Immunization", r#""education":[{"publicationDate":"2024"}]"#, "imm-1", "education[0]"),
        ("Immunization", r#""doseQuantity":{"comparator":"<"}"#, "sqty-1", "doseQuantity"),
        ("ServiceRequest", r#""orderDetail":[{"text":"x"}]"#, "prr-1", "code"),
        ("CarePlan", r#""activity":[{"detail":{"status":"scheduled"},"reference":{"display":"x"}}]"#, "cpl-3", "activity[0].detail"),
        ("Composition", r#""section":[{"title":"x"}]"#, "cmp-1", "section[0]"),
        ("Composition", r#""section":[{"entry":[{"display":"x"}],"emptyReason":{"text":"x"}}]"#, "cmp-2", "section[0].emptyReason"),
        ("Consent", r#""status":"active""#, "ppc-1", "policyRule"),
        ("Goal", r#""target":[{"detailString":"x"}]"#, "gol-1", "target[0].measure"),
        ("AuditEvent", r#""entity":[{"name":"x","query":"YWJj"}]"#, "sev-1", "entity[0].query"),
        ("FamilyMemberHistory", r#""ageString":"3","bornDate":"2024""#, "fhs-1", ""),
        ("FamilyMemberHistory", r#""estimatedAge":true"#, "fhs-2", "estimatedAge"),
        ("List", r#""emptyReason":{"text":"x"},"entry":[]"#, "lst-1", "emptyReason"),
        ("List", r#""mode":"working","entry":[{"deleted":true}]"#, "lst-2", "entry"),
        ("List", r#""mode":"changes","entry":[{"date":"2024"}]"#, "lst-3", "entry"),
        ("Task", r#""authoredOn":"2024-02-01","lastModified":"2024-01-01""#, "inv-1", "lastModified"),
        ("MedicationDispense", r#""whenPrepared":"2024-02-01","whenHandedOver":"2024-01-31""#, "mdd-1", "whenHandedOver"),
        ("QuestionnaireResponse", r#""item":[{"answer":[],"item":[]}]"#, "qrs-1", "item[0].item"),
        (
            "CareTeam",
            r#""participant":[{"member":{"reference":"Patient/1"},"onBehalfOf":{"display":"x"}}]"#,
            "ctm-1",
            "participant[0].onBehalfOf",
        ),
        ("CoverageEligibilityResponse", r#""insurance":[{"item":[{"name":"x"}]}]"#, "ces-1", "insurance[0].item[0]"),
        ("Group", r#""actual":false,"member":[{"inactive":true}]"#, "grp-1", "member"),
        ("ImmunizationRecommendation", r#""recommendation":[{"series":"x"}]"#, "imr-1", "recommendation[0]"),
        ("InsurancePlan", r#""status":"active""#, "ipn-1", "name"),
        ("Linkage", r#""item":[{"type":"source"}]"#, "lnk-1", "item"),
        ("MedicationAdministration", r#""dosage":{"text":"x"}"#, "mad-1", "dosage"),
        ("RequestGroup", r#""action":[{"title":"x"}]"#, "rqg-1", "action[0]"),
        ("RiskAssessment", r#""prediction":[{"probabilityDecimal":100.1}]"#, "ras-2", "prediction[0].probabilityDecimal"),
    ] {
        broken(ty, elements, rule, place);
    }
}
