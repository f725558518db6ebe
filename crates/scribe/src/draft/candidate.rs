//! Every statement that a visit could put into its note, each with the spans it was made from, in the order it was said.
//!
//! Must never join spans of different statements, except a question and its answer.

use std::ops::Range;

use crate::draft::clean::{Word, clean};
use crate::draft::pair::{self, Answer};
use crate::draft::rewrite::{Gender, Voice, third_person};
use crate::draft::segment::{Clause, clauses};
use crate::roles::{Role, assign, not_told_apart, score};
use crate::transcript::Transcript;

/// How a statement came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    Said,
    Confirmed,
    Denied,
    Answered,
}

/// A drafted statement, not yet placed or chosen.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub text: String,
    /// Turn and byte span of each quote, in order.
    pub spans: Vec<(usize, Range<usize>)>,
    pub role: Role,
    pub act: Act,
    /// The turn that carries the content.
    pub turn: usize,
}

/// A question that was answered yes or no and that the rules cannot turn into a statement.
pub struct Unturned {
    pub turn: usize,
    /// Of the question, in bytes of its turn.
    pub span: Range<usize>,
    pub words: Vec<String>,
    pub answer: Answer,
}

/// A transcript cut up once: roles, clauses and statements.
pub struct Reading {
    pub roles: Vec<Role>,
    pub clauses: Vec<Vec<Clause>>,
    pub gender: Option<Gender>,
    /// So short that it is likely about one thing, and all of it worth keeping.
    pub snippet: bool,
    pub candidates: Vec<Candidate>,
    pub unturned: Vec<Unturned>,
}

/// Longest clause, in words, that is drafted whole: above it evidence is no longer tight.
const MAX_WORDS: usize = 60;

/// A conversation of at most this many words is a snippet; whole visits have more than twice as many.
const SNIPPET_WORDS: usize = 320;

/// What a clause scores ([`score`]) that is the patient's, whoever else speaks in its turn.
const PLAINLY_PATIENT: i32 = -6;

/// Reads a whole transcript into statements.
pub fn read(transcript: &Transcript) -> Reading {
    let roles = assign(transcript);
    let one_voice = not_told_apart(transcript);
    let clauses: Vec<Vec<Clause>> = transcript.turns.iter().enumerate().map(|(i, t)| clauses(i, &t.text)).collect();
    let gender = spoken_gender(&clauses, &roles);
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut unturned = Vec::new();
    // The doctor's last question or statement, waiting for the patient's answer.
    let mut pending: Option<(&Clause, Option<usize>)> = None;
    for (turn, parts) in clauses.iter().enumerate() {
        let role = roles[turn];
        let voice = Voice { role, gender };
        if role == Role::Doctor {
            for clause in parts {
                if clause.question {
                    pending = Some((clause, None));
                } else {
                    // One microphone may have put two voices into one turn: nobody but the patient says this of themselves.
                    let by_patient = one_voice && score(&clause.words().collect::<Vec<_>>().join(" ")) <= PLAINLY_PATIENT;
                    let voice = if by_patient { Voice { role: Role::Patient, gender } } else { voice };
                    let made = said(clause, voice).map(|c| {
                        candidates.push(c);
                        candidates.len() - 1
                    });
                    if made.is_some() {
                        pending = Some((clause, made));
                    }
                }
            }
            continue;
        }
        let mut parts = parts.as_slice();
        if let (Some((asked, made)), Some(first)) = (pending, parts.first()) {
            let words: Vec<&str> = first.words().collect();
            let reply = pair::answer(&words).filter(|_| !names_one_of_several(asked, &words));
            let consumed = answered(asked, made, first, reply, voice, &mut candidates, &mut unturned);
            if consumed || reply.is_some() && words.len() <= 4 {
                parts = &parts[1..];
            }
            pending = None;
        }
        for clause in parts.iter().filter(|c| !c.question) {
            candidates.extend(said(clause, voice));
        }
    }
    candidates.retain(|c| !c.text.is_empty());
    let spoken: usize = clauses.iter().flatten().map(|c| c.words().count()).sum();
    Reading { roles, clauses, gender, snippet: spoken <= SNIPPET_WORDS, candidates, unturned }
}

/// "Any fever or shortness of breath?" "No fever": it answers for the one it names, and says nothing of the other.
fn names_one_of_several(asked: &Clause, answer: &[&str]) -> bool {
    let several = asked.words().any(|word| matches!(word, "or" | "and"));
    several && answer.iter().skip(1).any(|word| word.len() > 3 && asked.words().any(|asked| asked == *word))
}

/// A clause as a statement of its own.
fn said(clause: &Clause, voice: Voice) -> Option<Candidate> {
    let span = clause.span()?;
    let words = clean(&clause.tokens);
    if words.is_empty() || words.len() > MAX_WORDS || words.iter().filter(|w| w.norm.len() > 2).count() == 0 {
        return None;
    }
    let words = without_answer(words);
    let text = third_person(&words, voice)?;
    if text.split(' ').count() < 2 {
        return None;
    }
    Some(Candidate { text, spans: vec![(clause.turn, tight(clause, span))], role: voice.role, act: Act::Said, turn: clause.turn })
}

/// `no , i don't smoke` -> `i don't smoke`
fn without_answer(mut words: Vec<Word>) -> Vec<Word> {
    if matches!(words.first().map(|w| w.norm.as_str()), Some("no" | "nope" | "nah"))
        && words.get(1).is_some_and(|w| {
            matches!(w.norm.as_str(), "," | "i" | "it" | "not" | "my" | "no" | "that" | "just" | "we" | "he" | "she" | "they")
        })
    {
        words.remove(0);
        while words.first().is_some_and(|w| w.norm == ",") {
            words.remove(0);
        }
    }
    words
}

/// The span without hesitations at its ends, so that a quote starts where the statement does.
fn tight(clause: &Clause, span: Range<usize>) -> Range<usize> {
    let courtesy = |w: &str| matches!(w, "um" | "uh" | "okay" | "ok" | "so" | "and" | "yeah" | "well" | "alright" | "hey" | "dragon");
    let mut words = clause.tokens.iter().filter(|t| t.is_word());
    let start = words.find(|t| !courtesy(&t.norm)).map_or(span.start, |t| t.span.start);
    start..span.end
}

/// Turns a pending question and this answer into a statement. True when the answer clause is used up by it.
fn answered(
    asked: &Clause,
    made: Option<usize>,
    reply_clause: &Clause,
    reply: Option<Answer>,
    voice: Voice,
    candidates: &mut Vec<Candidate>,
    unturned: &mut Vec<Unturned>,
) -> bool {
    let (Some(question_span), Some(reply_span)) = (asked.span(), reply_clause.span()) else {
        return false;
    };
    if let Some(index) = made {
        // The doctor stated something of the patient, who says no: it does not stand.
        let about_patient = asked.words().any(|w| matches!(w, "you" | "your" | "you're" | "you've"));
        let disputed =
            reply == Some(Answer::No) && about_patient && !asked.words().any(|w| matches!(w, "no" | "not") || w.ends_with("n't"));
        if disputed {
            candidates[index].text.clear();
        }
        return false;
    }
    let question = clean(&asked.tokens);
    let words: Vec<&str> = reply_clause.words().collect();
    let spans = |reply_span: Range<usize>| vec![(asked.turn, tight(asked, question_span.clone())), (reply_clause.turn, reply_span)];
    match reply {
        Some(reply) => {
            let Some(text) = pair::statement(&question, reply, pair::asking(voice)) else {
                let words = asked.words().map(str::to_owned).collect();
                unturned.push(Unturned { turn: asked.turn, span: tight(asked, question_span), words, answer: reply });
                return false;
            };
            let act = if reply == Answer::Yes { Act::Confirmed } else { Act::Denied };
            let short = words.len() <= 4;
            // Only the answer word is quoted when more follows: the rest is drafted by itself.
            let end = if short {
                reply_span.end
            } else {
                reply_clause
                    .tokens
                    .iter()
                    .find(|t| pair::answer(&[t.norm.as_str()]).is_some() || t.norm == "not")
                    .map_or(reply_span.end, |t| t.span.end)
            };
            let start = reply_span.start.min(end);
            candidates.push(Candidate { text, spans: spans(start..end), role: voice.role, act, turn: asked.turn });
            short
        }
        None => {
            let Some(text) = pair::label(&question).and_then(|label| pair::labelled(label, &clean(&reply_clause.tokens))) else {
                return false;
            };
            candidates.push(Candidate { text, spans: spans(reply_span), role: voice.role, act: Act::Answered, turn: reply_clause.turn });
            true
        }
    }
}

/// Female or male, when a clinician says so of the patient ("57-year-old male", "ma'am"); `None` when unsaid or contradictory.
fn spoken_gender(clauses: &[Vec<Clause>], roles: &[Role]) -> Option<Gender> {
    let (mut female, mut male) = (0usize, 0usize);
    for (parts, role) in clauses.iter().zip(roles) {
        for clause in parts {
            let words: Vec<&str> = clause.words().collect();
            for (i, word) in words.iter().enumerate() {
                let aged = words[i.saturating_sub(5)..i].iter().any(|w| w.ends_with("year-old") || *w == "old");
                match *word {
                    "female" | "woman" | "lady" | "girl" if aged => female += 2,
                    "male" | "man" | "gentleman" | "boy" if aged => male += 2,
                    "ma'am" | "mrs" | "ms" | "miss" if *role == Role::Doctor => female += 1,
                    "sir" | "mr" if *role == Role::Doctor => male += 1,
                    _ => {}
                }
            }
        }
    }
    match (female, male) {
        (f, 0) if f > 0 => Some(Gender::Female),
        (0, m) if m > 0 => Some(Gender::Male),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::testing::talk;

    fn texts(turns: &[(&str, &str)]) -> Vec<String> {
        read(&talk(turns)).candidates.into_iter().map(|c| c.text).collect()
    }

    #[test]
    fn question_and_answer_become_one_statement_with_both_quotes() {
        let t = talk(&[("doctor", "okay . any fever or chills ?"), ("patient", "no . but i have a bad cough .")]);
        let reading = read(&t);
        assert_eq!(reading.candidates[0].text, "The patient denies fever or chills.");
        let quotes: Vec<&str> = reading.candidates[0].spans.iter().map(|(turn, span)| &t.turns[*turn].text[span.clone()]).collect();
        assert_eq!(quotes, ["any fever or chills", "no"]);
        assert_eq!(reading.candidates[1].text, "The patient has a bad cough.");
    }

    #[test]
    fn two_voices_in_one_turn_do_not_give_the_clinician_an_allergy() {
        let found = texts(&[
            ("S1", "are you allergic to any medicines ? yes . i'm allergic to penicillin ."),
            ("S1", "your blood pressure today is 150 over 90 . i will order a blood test ."),
        ]);
        assert!(found.contains(&"The patient is allergic to penicillin.".to_owned()), "{found:?}");
        assert!(!found.iter().any(|text| text.contains("clinician")), "{found:?}");
    }

    #[test]
    fn a_no_that_names_one_of_several_denies_that_one_alone() {
        let found =
            texts(&[("doctor", "do you have any fever or shortness of breath ?"), ("patient", "no fever . but i feel short of breath .")]);
        assert!(found.iter().any(|text| text.contains("fever")) && !found.iter().any(|text| text.contains("shortness")), "{found:?}");
    }

    #[test]
    fn a_statement_the_patient_denies_does_not_stand() {
        assert!(texts(&[("doctor", "so you take metformin"), ("patient", "no never")]).is_empty());
        assert_eq!(texts(&[("doctor", "so you take metformin"), ("patient", "yes")]), ["The patient takes metformin."]);
    }

    #[test]
    fn an_unanswered_question_states_nothing() {
        assert!(texts(&[("doctor", "any chest pain ?"), ("doctor", "any cough ?")]).is_empty());
        assert!(texts(&[("doctor", "any chest pain ?"), ("patient", "hmm")]).is_empty());
    }

    #[test]
    fn gender_is_only_taken_when_said() {
        assert_eq!(read(&talk(&[("doctor", "james is a 57-year-old male with back pain")])).gender, Some(Gender::Male));
        assert_eq!(read(&talk(&[("doctor", "james has back pain")])).gender, None);
        assert_eq!(read(&talk(&[("doctor", "yes sir , 40 year old female")])).gender, None);
    }
}
