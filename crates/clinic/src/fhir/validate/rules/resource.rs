//! Invariants of resource types and their nested elements.

use super::super::primitive::is_after;
use super::{Json, Rule, at, coded, has, has_choice, is, number, rule};

const CONDITION_VERIFICATION: &str = "http://terminology.hl7.org/CodeSystem/condition-ver-status";
const CONDITION_CLINICAL: &str = "http://terminology.hl7.org/CodeSystem/condition-clinical";
const ALLERGY_VERIFICATION: &str = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification";

pub(super) static RULES: &[Rule] = &[
    rule("Patient.contact", "pat-1", "a contact needs a name, telecom, address or organization", |v| {
        at("", !["name", "telecom", "address", "organization"].iter().any(|name| has(v, name)))
    }),
    rule("Organization", "org-1", "an organization needs an identifier or a name", |v| {
        at("name", !has(v, "identifier") && !has(v, "name"))
    }),
    rule("Organization", "org-2", "an address of an organization cannot be a home", |v| {
        at("address", v.list("address").iter().any(|address| is(address, "use", &["home"])))
    }),
    rule("Organization", "org-3", "a telecom of an organization cannot be at home", |v| {
        at("telecom", v.list("telecom").iter().any(|telecom| is(telecom, "use", &["home"])))
    }),
    rule("Appointment.participant", "app-1", "a participant needs a type or an actor", |v| {
        at("actor", !has(v, "type") && !has(v, "actor"))
    }),
    rule("Appointment", "app-2", "start and end must be given together", |v| match (has(v, "start"), has(v, "end")) {
        (true, false) => Some("end"),
        (false, true) => Some("start"),
        _ => None,
    }),
    rule("Appointment", "app-3", "only a proposed, cancelled or waitlist appointment may be without start and end", |v| {
        let free = is(v, "status", &["proposed", "cancelled", "waitlist"]);
        at("start", !(free || has(v, "start") && has(v, "end")))
    }),
    rule("Appointment", "app-4", "a cancelationReason is only for appointments cancelled or not kept", |v| {
        at("cancelationReason", has(v, "cancelationReason") && !is(v, "status", &["no-show", "cancelled"]))
    }),
    rule("AppointmentResponse", "apr-1", "a participantType or an actor must be given", |v| {
        at("actor", !has(v, "participantType") && !has(v, "actor"))
    }),
    rule("Observation", "obs-6", "dataAbsentReason is only for an observation without a value", |v| {
        at("dataAbsentReason", has(v, "dataAbsentReason") && has_choice(v, "value"))
    }),
    rule("Observation", "obs-7", "a component must not have the code of the observation when that has a value", |v| {
        let own = v.get("code").map_or(&[][..], |code| code.list("coding"));
        let repeats = v
            .list("component")
            .iter()
            .filter_map(|part| part.get("code"))
            .any(|code| code.list("coding").iter().any(|coding| own.iter().any(|other| same(coding, other))));
        at("component", has_choice(v, "value") && repeats)
    }),
    rule("Observation.referenceRange", "obs-3", "a reference range needs a low, a high or a text", |v| {
        at("", !["low", "high", "text"].iter().any(|name| has(v, name)))
    }),
    rule("Condition.stage", "con-1", "a stage needs a summary or an assessment", |v| at("", !has(v, "summary") && !has(v, "assessment"))),
    rule("Condition.evidence", "con-2", "evidence needs a code or a detail", |v| at("", !has(v, "code") && !has(v, "detail"))),
    rule("Condition", "con-4", "a condition that has abated must be inactive, resolved or in remission", |v| {
        let over = coded(v, "clinicalStatus", CONDITION_CLINICAL, &["resolved", "remission", "inactive"]);
        at("clinicalStatus", has_choice(v, "abatement") && !over)
    }),
    rule("Condition", "con-5", "a condition entered in error has no clinicalStatus", |v| {
        let error = coded(v, "verificationStatus", CONDITION_VERIFICATION, &["entered-in-error"]);
        at("clinicalStatus", error && has(v, "clinicalStatus"))
    }),
    rule("AllergyIntolerance", "ait-1", "clinicalStatus is required unless the allergy was entered in error", |v| {
        let error = coded(v, "verificationStatus", ALLERGY_VERIFICATION, &["entered-in-error"]);
        at("clinicalStatus", !error && !has(v, "clinicalStatus"))
    }),
    rule("AllergyIntolerance", "ait-2", "an allergy entered in error has no clinicalStatus", |v| {
        let error = coded(v, "verificationStatus", ALLERGY_VERIFICATION, &["entered-in-error"]);
        at("clinicalStatus", error && has(v, "clinicalStatus"))
    }),
    rule("Immunization.education", "imm-1", "education needs a documentType or a reference", |v| {
        at("", !has(v, "documentType") && !has(v, "reference"))
    }),
    rule("ServiceRequest", "prr-1", "orderDetail needs a code", |v| at("code", has(v, "orderDetail") && !has(v, "code"))),
    rule("CarePlan.activity", "cpl-3", "an activity has a detail or a reference, not both", |v| {
        at("detail", has(v, "detail") && has(v, "reference"))
    }),
    rule("Composition.section", "cmp-1", "a section needs a text, an entry or a section", |v| {
        at("", !["text", "entry", "section"].iter().any(|name| has(v, name)))
    }),
    rule("Composition.section", "cmp-2", "emptyReason is only for a section without entries", |v| {
        at("emptyReason", has(v, "emptyReason") && has(v, "entry"))
    }),
    rule("Consent", "ppc-1", "a policy or a policyRule must be given", |v| at("policyRule", !has(v, "policy") && !has(v, "policyRule"))),
    rule("Goal.target", "gol-1", "a target with a detail needs a measure", |v| {
        at("measure", has_choice(v, "detail") && !has(v, "measure"))
    }),
    rule("AuditEvent.entity", "sev-1", "an entity has a name or a query, not both", |v| at("query", has(v, "name") && has(v, "query"))),
    rule("FamilyMemberHistory", "fhs-1", "a relative has an age or a birth date, not both", |v| {
        at("", has_choice(v, "age") && has_choice(v, "born"))
    }),
    rule("FamilyMemberHistory", "fhs-2", "estimatedAge needs an age", |v| {
        at("estimatedAge", has(v, "estimatedAge") && !has_choice(v, "age"))
    }),
    rule("List", "lst-1", "emptyReason is only for an empty list", |v| at("emptyReason", has(v, "emptyReason") && has(v, "entry"))),
    rule("List", "lst-2", "deleted is only for a list of changes", |v| {
        let deleted = v.list("entry").iter().any(|entry| has(entry, "deleted"));
        at("entry", deleted && !is(v, "mode", &["changes"]))
    }),
    rule("List", "lst-3", "entry dates are only for a working list", |v| {
        let dated = v.list("entry").iter().any(|entry| has(entry, "date"));
        at("entry", dated && !is(v, "mode", &["working"]))
    }),
    rule("Task", "inv-1", "lastModified must not be before authoredOn", |v| match (v.text("authoredOn"), v.text("lastModified")) {
        (Some(authored), Some(modified)) => at("lastModified", is_after(authored, modified)),
        _ => None,
    }),
    rule("MedicationDispense", "mdd-1", "whenHandedOver must not be before whenPrepared", |v| {
        match (v.text("whenPrepared"), v.text("whenHandedOver")) {
            (Some(prepared), Some(handed)) => at("whenHandedOver", is_after(prepared, handed)),
            _ => None,
        }
    }),
    rule("QuestionnaireResponse.item", "qrs-1", "an item has nested items or answers, not both", |v| {
        at("item", has(v, "answer") && has(v, "item"))
    }),
];

/// Of resource types met less often.
pub(super) static FEW: &[Rule] = &[
    rule("CareTeam.participant", "ctm-1", "onBehalfOf is only for a member who is a practitioner", |v| {
        let other = ["PractitionerRole/", "RelatedPerson/", "Patient/", "Organization/", "CareTeam/"];
        let member = v.get("member").and_then(|member| member.text("reference"));
        let is_other = member.is_some_and(|member| other.iter().any(|other| member.starts_with(other)));
        at("onBehalfOf", has(v, "onBehalfOf") && is_other)
    }),
    rule("CoverageEligibilityResponse.insurance.item", "ces-1", "an item has a category or a productOrService, not both", |v| {
        at("", has(v, "category") == has(v, "productOrService"))
    }),
    rule("Group", "grp-1", "only a group of actual members may list them", |v| {
        at("member", has(v, "member") && v.get("actual") != Some(&Json::Bool(true)))
    }),
    rule("ImmunizationRecommendation.recommendation", "imr-1", "a recommendation needs a vaccineCode or a targetDisease", |v| {
        at("", !has(v, "vaccineCode") && !has(v, "targetDisease"))
    }),
    rule("InsurancePlan", "ipn-1", "a plan needs an identifier or a name", |v| at("name", !has(v, "identifier") && !has(v, "name"))),
    rule("Linkage", "lnk-1", "a linkage needs two items or more", |v| at("item", v.list("item").len() < 2)),
    rule("MedicationAdministration.dosage", "mad-1", "a dosage needs a dose or a rate", |v| {
        at("", !has(v, "dose") && !has_choice(v, "rate"))
    }),
    rule("RequestGroup.action", "rqg-1", "an action has a resource or actions, not both", |v| {
        at("", has(v, "resource") == has(v, "action"))
    }),
    rule("RiskAssessment.prediction", "ras-2", "a probability is at most 100", |v| {
        at("probabilityDecimal", number(v, "probabilityDecimal").is_some_and(|value| value > 100.0))
    }),
];

/// Equal codings, whatever the order of their members.
fn same(one: &Json, two: &Json) -> bool {
    one.members().len() == two.members().len() && one.members().iter().all(|(name, value)| two.get(name) == Some(value))
}
