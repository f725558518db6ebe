//! What the recogniser made up: stock phrases of its training films, and loops. Pure; by rules that a person can read.
//!
//! Must never: drop words that could be speech where speech was heard, without a gap being shown in their place (the caller's guard does that).

use super::Piece;
use crate::vad::Span;

/// Film and broadcast phrases that Whisper writes over silence and noise. Nobody says a whole one of these in a consulting room.
const FILM: &[&str] = &[
    "thanks for watching",
    "thank you for watching",
    "thank you so much for watching",
    "thanks for watching and see you next time",
    "thank you for watching see you next time",
    "please subscribe",
    "please subscribe to my channel",
    "please like and subscribe",
    "like and subscribe",
    "dont forget to subscribe",
    "dont forget to like and subscribe",
    "subscribe to my channel",
    "see you in the next video",
    "ill see you in the next video",
    "ill see you next time",
    "subtitles by the amaraorg community",
    "subtitles by amaraorg community",
    "subtitles by",
    "subtitled by",
    "captions by",
    "transcription by castingwords",
    "transcribed by otterai",
    "transcript by rev",
    "sous titres realises par la communaute damaraorg",
    "sous titrage st 501",
    "sous titrage societe radio canada",
    "merci davoir regarde cette video",
    "untertitel der amaraorg community",
    "untertitel im auftrag des zdf",
    "subtitulos por la comunidad de amaraorg",
    "subtitulos realizados por la comunidad de amaraorg",
    "gracias por ver el video",
    "legendas pela comunidade amaraorg",
    "terima kasih kerana menonton",
    "terima kasih telah menonton",
    "asante kwa kutazama",
];

/// Short phrases that people do say, and that Whisper also writes over silence: dropped only where hardly any speech was heard.
const SMALL: &[&str] = &[
    "thank you",
    "thank you very much",
    "thanks",
    "bye",
    "bye bye",
    "goodbye",
    "you",
    "okay",
    "so",
    "the",
    "the end",
    "oh",
    "mm",
    "hmm",
    "i",
];

/// Faster than anyone talks: letters in a second of heard speech.
const MOST_LETTERS_A_SECOND: f64 = 45.0;

/// Why words are not trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doubt {
    Film,
    Silence,
    TooFast,
}

/// Looks at one stretch against the speech that was heard around it (`speech` in the same time base).
pub(super) fn doubt(piece: &Piece, speech: &[Span]) -> Option<Doubt> {
    let text = plain(&piece.text);
    if text.is_empty() || FILM.contains(&text.as_str()) || text.contains("amaraorg") {
        return Some(Doubt::Film);
    }
    let around = Span { start_s: piece.start_s - 0.3, end_s: piece.end_s + 0.3 };
    let heard: f64 = speech.iter().map(|s| s.overlap(&around)).sum();
    if heard < 0.1 || (heard < 0.3 && SMALL.contains(&text.as_str()) && (piece.no_speech > 0.5 || piece.confidence() < 0.5)) {
        return Some(Doubt::Silence);
    }
    (text.chars().count() as f64 > 12.0 + MOST_LETTERS_A_SECOND * heard).then_some(Doubt::TooFast)
}

/// Cuts a loop ("I don't know. I don't know. ...") down to its first round; returns true if there was one.
/// A phrase of one word must come 8 times in a row, a longer one 4 times: people repeat themselves, but not so often.
pub(super) fn cut_loop(piece: &mut Piece) -> bool {
    let plain: Vec<String> = piece.words.iter().map(|w| self::plain(&w.text)).collect();
    let n = plain.len();
    for length in 1..=(n / 4).min(12) {
        let rounds = if length == 1 { 8 } else { 4 };
        if n < length * rounds {
            continue;
        }
        for from in 0..=n - length * rounds {
            let first = &plain[from..from + length];
            let times = plain[from..].chunks_exact(length).take_while(|c| *c == first).count();
            if times >= rounds && first.iter().any(|w| !w.is_empty()) {
                let keep = from + length;
                // What follows the loop was written over the same sound: it is as invented as the loop.
                piece.words.truncate(keep);
                piece.end_s = piece.words.last().map_or(piece.start_s, |w| w.end_s);
                piece.text = super::turns::join(&piece.words);
                return true;
            }
        }
    }
    false
}

/// Lower case, letters and digits only, accents of Latin letters folded, single spaces.
fn plain(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        let c = match c {
            'à' | 'á' | 'â' | 'ã' | 'ä' => 'a',
            'è' | 'é' | 'ê' | 'ë' => 'e',
            'ì' | 'í' | 'î' | 'ï' => 'i',
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' => 'o',
            'ù' | 'ú' | 'û' | 'ü' => 'u',
            'ç' => 'c',
            'ñ' => 'n',
            '-' => ' ',
            other => other,
        };
        if c.is_alphanumeric() {
            out.push(c);
        } else if c.is_whitespace() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::Word;

    fn piece(text: &str, seconds: f64) -> Piece {
        let words: Vec<Word> = text
            .split(' ')
            .enumerate()
            .map(|(i, w)| Word { text: w.to_owned(), start_s: i as f64 * 0.1, end_s: i as f64 * 0.1 + 0.1, probability: 0.4 })
            .collect();
        Piece { start_s: 0.0, end_s: seconds, text: text.to_owned(), words, no_speech: 0.7 }
    }

    fn heard(from: f64, to: f64) -> Vec<Span> {
        vec![Span { start_s: from, end_s: to }]
    }

    #[test]
    fn film_phrases_go_even_over_speech_and_thanks_stay_where_someone_spoke() {
        assert_eq!(doubt(&piece("Thanks for watching!", 2.0), &heard(0.0, 2.0)), Some(Doubt::Film));
        assert_eq!(doubt(&piece("Sous-titres réalisés par la communauté d'Amara.org", 3.0), &heard(0.0, 3.0)), Some(Doubt::Film));
        assert_eq!(doubt(&piece("Thank you.", 1.0), &heard(0.2, 0.9)), None);
        assert_eq!(doubt(&piece("Thank you.", 1.0), &heard(0.2, 0.4)), Some(Doubt::Silence));
        assert_eq!(doubt(&piece("I take two tablets.", 2.0), &[]), Some(Doubt::Silence));
        assert_eq!(doubt(&piece("I take two tablets.", 2.0), &heard(0.1, 1.8)), None);
    }

    #[test]
    fn text_faster_than_speech_is_not_believed() {
        let long = "the patient was then seen by a specialist who said many things about it ".repeat(2);
        assert_eq!(doubt(&piece(long.trim(), 1.0), &heard(0.0, 0.8)), Some(Doubt::TooFast));
    }

    #[test]
    fn loops_are_cut_and_honest_repetition_stays() {
        let mut looped = piece(&["it hurts", &" I don't know.".repeat(9)].concat(), 20.0);
        assert!(cut_loop(&mut looped));
        assert_eq!(looped.text, "it hurts I don't know.");
        for said in ["no no no no no", "very very sore", "one, two. one, two. one, two."] {
            let mut honest = piece(said, 3.0);
            assert!(!cut_loop(&mut honest), "{said}");
            assert_eq!(honest.text, said);
        }
    }
}
