//! Who is doctor, patient or companion, told from what they say when tags are missing, anonymous or swapped.
//!
//! Must never rename a speaker silently: callers get a role beside each turn, the transcript stays as it is.

use serde::{Deserialize, Serialize};

use crate::transcript::Transcript;

/// The part somebody plays in a consultation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Doctor,
    Patient,
    Companion,
}

/// Role of a speaker tag that names one (`doctor`, `patient_guest`, `Guest_family`); `None` for `S1` and the like.
pub fn tagged(speaker: &str) -> Option<Role> {
    let tag = speaker.trim().to_lowercase();
    if tag.contains("guest_clin")
        || tag.contains("doctor")
        || tag.starts_with("dr")
        || tag.contains("clinician")
        || tag.contains("physician")
        || tag.contains("nurse")
        || tag.contains("provider")
    {
        Some(Role::Doctor)
    } else if tag.contains("guest")
        || tag.contains("companion")
        || tag.contains("family")
        || tag.contains("parent")
        || tag.contains("carer")
        || tag.contains("caregiver")
    {
        Some(Role::Companion)
    } else if tag.contains("patient") || tag == "pt" {
        Some(Role::Patient)
    } else {
        None
    }
}

/// Phrases that doctors say to patients, and patients to doctors. Weights are evidence for "doctor" in tenths.
const CUES: &[(&str, i32)] = &[
    ("your blood pressure", 12),
    ("prescribe", 20),
    ("physical exam", 25),
    ("refer you", 25),
    ("follow up", 10),
    ("any questions", 20),
    ("do you have any", 15),
    ("have you", 12),
    ("are you taking", 18),
    ("let me", 8),
    ("take a look", 10),
    ("on your", 10),
    ("your exam", 20),
    ("i want you to", 20),
    ("i'd like you", 18),
    ("hey dragon", 30),
    ("hey , dragon", 30),
    ("milligrams", 6),
    ("we'll get", 10),
    ("any other", 8),
    ("tell me", 10),
    ("what brings you", 25),
    ("how can i help", 25),
    ("take a deep breath", 25),
    ("does it hurt", 12),
    ("did you", 8),
    ("do you", 8),
    ("are you", 6),
    ("your", 4),
    ("x-ray", 3),
    ("impression", 15),
    ("palpation", 20),
    ("bilaterally", 15),
    ("i recommend", 20),
    ("side effects", 10),
    ("nice to meet you", 4),
    ("the patient", 12),
    ("diagnos", 6),
    ("allergies to", 8),
    ("lab", 4),
    ("my wife", -15),
    ("my husband", -15),
    ("my mom", -12),
    ("my mother", -12),
    ("my dad", -12),
    ("my job", -12),
    ("my back", -15),
    ("my knee", -15),
    ("my leg", -15),
    ("my stomach", -15),
    ("my head", -15),
    ("my chest", -15),
    ("my foot", -15),
    ("my hand", -15),
    ("my shoulder", -15),
    ("my arm", -15),
    ("i've been", -8),
    ("i feel", -6),
    ("hurts", -6),
    ("i take", -12),
    ("i was", -5),
    ("it started", -8),
    ("my ", -4),
    ("thank you doctor", -20),
    ("doctor", -5),
    ("doc", -5),
    ("i have a", -4),
    ("i had", -4),
    ("i don't", -2),
    ("i do n't", -2),
    ("should i", -15),
    ("yes i", -8),
    ("no i", -8),
    ("nope", -8),
    ("i'm allergic", -20),
    ("i am allergic", -20),
    ("i am taking", -12),
    ("i have been", -8),
    ("i have had", -8),
    ("i took", -12),
];

/// How much `text` sounds like a doctor (positive) or a patient (negative).
pub fn score(text: &str) -> i32 {
    let lower = format!(" {} ", text.to_lowercase());
    let cues: i32 = CUES.iter().map(|(cue, weight)| weight * i32::try_from(lower.matches(cue).count().min(4)).unwrap_or(4)).sum();
    let asks = i32::try_from(lower.matches('?').count().min(4)).unwrap_or(4);
    cues + 5 * asks
}

/// The role of each turn, in order. Tags that name a role are believed unless what the two speakers say plainly contradicts them. Where
/// nobody told the voices apart, each turn gets the role that it and its neighbours speak for.
pub fn assign(transcript: &Transcript) -> Vec<Role> {
    if not_told_apart(transcript) {
        return by_turn(transcript);
    }
    let mut speakers: Vec<(String, i32, usize)> = Vec::new();
    for turn in &transcript.turns {
        let points = score(&turn.text);
        match speakers.iter_mut().find(|s| s.0 == turn.speaker) {
            Some(entry) => {
                entry.1 += points;
                entry.2 += 1;
            }
            None => speakers.push((turn.speaker.clone(), points, 1)),
        }
    }
    let named: Vec<Option<Role>> = speakers.iter().map(|s| tagged(&s.0)).collect();
    let top = (0..speakers.len()).max_by_key(|&i| (speakers[i].1, std::cmp::Reverse(i)));
    let unnamed_doctor = if named.contains(&Some(Role::Doctor)) { None } else { top.filter(|&i| named[i].is_none()) };
    let mut untagged_patient = false;
    let mut roles: Vec<Role> = (0..speakers.len())
        .map(|i| match named[i] {
            Some(role) => role,
            None if unnamed_doctor == Some(i) && (speakers.len() > 1 || speakers[i].1 > 0) => Role::Doctor,
            None if !named.contains(&Some(Role::Patient)) && !untagged_patient => {
                untagged_patient = true;
                Role::Patient
            }
            None => Role::Companion,
        })
        .collect();
    // Two tags the wrong way round: what both say must be plain before it is believed.
    let doctor = roles.iter().position(|r| *r == Role::Doctor);
    let patient = roles.iter().position(|r| *r == Role::Patient);
    if let (Some(d), Some(p)) = (doctor, patient)
        && speakers[d].1 < -40
        && speakers[p].1 > 40
    {
        roles.swap(d, p);
    }
    transcript.turns.iter().map(|turn| speakers.iter().position(|s| s.0 == turn.speaker).map_or(Role::Patient, |i| roles[i])).collect()
}

/// One microphone heard everybody: all turns carry the recogniser's one label, but for those that a person named, doctor and patient both.
pub(crate) fn not_told_apart(transcript: &Transcript) -> bool {
    let has = |role| transcript.turns.iter().any(|turn| tagged(&turn.speaker) == Some(role));
    let one_label = transcript.turns.iter().all(|turn| turn.speaker == crate::speakers::FIRST || tagged(&turn.speaker).is_some());
    let unnamed = transcript.turns.iter().filter(|turn| turn.speaker == crate::speakers::FIRST).count();
    one_label && unnamed > 1 && has(Role::Doctor) == has(Role::Patient)
}

/// What a turn scores for going on speaking, or for the other one to speak, in the units of [`score`]. A question wants an answer.
const OTHER_AFTER_QUESTION: i32 = 8;
const OTHER_AFTER_WORDS: i32 = 1;

/// The likeliest run of doctor and patient over all turns (Viterbi): what each turn says, and that people take turns.
fn by_turn(transcript: &Transcript) -> Vec<Role> {
    const ROLES: [Role; 2] = [Role::Doctor, Role::Patient];
    // For each turn and role: the best score up to here, and the role before it on that path.
    let mut paths: Vec<[(i32, usize); 2]> = Vec::with_capacity(transcript.turns.len());
    for (i, turn) in transcript.turns.iter().enumerate() {
        let says = match tagged(&turn.speaker) {
            Some(Role::Doctor) => 1_000,
            Some(_) => -1_000,
            None => score(&turn.text).clamp(-40, 40),
        };
        let step = |role: usize| match (i.checked_sub(1), paths.last()) {
            (Some(before), Some(best)) => {
                let asked = transcript.turns[before].text.trim_end().ends_with('?');
                let other = if asked { OTHER_AFTER_QUESTION } else { OTHER_AFTER_WORDS };
                let to = |from: usize| best[from].0 + if from == role { -other } else { other };
                if to(0) >= to(1) { (to(0), 0) } else { (to(1), 1) }
            }
            _ => (0, role),
        };
        let reach = [step(0), step(1)];
        paths.push([(reach[0].0 + says, reach[0].1), (reach[1].0 - says, reach[1].1)]);
    }
    let mut roles = Vec::with_capacity(paths.len());
    let mut at = paths.last().map_or(0, |end| usize::from(end[1].0 > end[0].0));
    for (path, turn) in paths.iter().zip(&transcript.turns).rev() {
        roles.push(tagged(&turn.speaker).unwrap_or(ROLES[at]));
        at = path[at].1;
    }
    roles.reverse();
    roles
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::testing::talk;

    #[test]
    fn one_label_for_all_is_told_apart_by_what_each_turn_says() {
        use Role::{Doctor as D, Patient as P};
        let said = [
            ("Good morning, what brings you in today?", D),
            ("I have had chest pain for three days.", P),
            ("Do you have any fever?", D),
            ("No fever, but I feel short of breath when I walk.", P),
            ("Do you have any allergies?", D),
            ("Yes, I am allergic to penicillin.", P),
            ("On exam your lungs are clear. I will order an ECG and a blood test.", D),
            ("My father had a heart attack at sixty.", P),
            ("Please come back in one week.", D),
        ];
        let t = talk(&said.map(|(text, _)| ("S1", text)));
        assert_eq!(assign(&t), said.map(|(_, role)| role));
        // A turn that a person named stays named.
        let mut named = t.clone();
        (named.turns[0].speaker, named.turns[7].speaker) = ("doctor".into(), "patient".into());
        assert_eq!(assign(&named), said.map(|(_, role)| role));
    }

    #[test]
    fn tags_are_understood() {
        for (tag, role) in [
            ("doctor", Role::Doctor),
            ("Patient", Role::Patient),
            ("Guest_family", Role::Companion),
            ("Guest_clinician", Role::Doctor),
            ("patient_guest", Role::Companion),
        ] {
            assert_eq!(tagged(tag), Some(role));
        }
        assert_eq!(tagged("S1"), None);
    }

    #[test]
    fn anonymous_speakers_get_roles_from_cues() {
        let t = talk(&[("S2", "my back hurts since monday"), ("S1", "do you have any numbness? let me take a look"), ("S2", "no i don't")]);
        assert_eq!(assign(&t), [Role::Patient, Role::Doctor, Role::Patient]);
    }

    #[test]
    fn plainly_swapped_tags_are_turned_round() {
        let t = talk(&[
            (
                "patient",
                "what brings you in today? do you have any fever? are you taking any medicine? on your physical exam the lungs are clear, i want you to rest",
            ),
            ("doctor", "my back hurts, my leg hurts, i take ibuprofen and i've been tired, my wife is worried, i took a day off my job"),
        ]);
        assert_eq!(assign(&t), [Role::Doctor, Role::Patient]);
    }

    #[test]
    fn tags_that_agree_stay() {
        let t = talk(&[("doctor", "hello"), ("patient", "do you have a pen?")]);
        assert_eq!(assign(&t), [Role::Doctor, Role::Patient]);
    }
}
