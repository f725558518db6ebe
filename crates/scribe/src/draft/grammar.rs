//! English verb forms and spoken contractions: just enough to turn "I take" into "the patient takes".
//!
//! Must never choose a tense that was not spoken.
use crate::draft::wordlist::Words;

/// Irregular verbs: base, past, participle. Only what people say about their health.
const IRREGULAR: &[(&str, &str, &str)] = &[
    ("be", "was", "been"),
    ("have", "had", "had"),
    ("do", "did", "done"),
    ("go", "went", "gone"),
    ("get", "got", "gotten"),
    ("take", "took", "taken"),
    ("feel", "felt", "felt"),
    ("see", "saw", "seen"),
    ("come", "came", "come"),
    ("begin", "began", "begun"),
    ("fall", "fell", "fallen"),
    ("break", "broke", "broken"),
    ("hurt", "hurt", "hurt"),
    ("hear", "heard", "heard"),
    ("eat", "ate", "eaten"),
    ("drink", "drank", "drunk"),
    ("sleep", "slept", "slept"),
    ("wake", "woke", "woken"),
    ("lose", "lost", "lost"),
    ("find", "found", "found"),
    ("make", "made", "made"),
    ("give", "gave", "given"),
    ("tell", "told", "told"),
    ("say", "said", "said"),
    ("think", "thought", "thought"),
    ("know", "knew", "known"),
    ("keep", "kept", "kept"),
    ("leave", "left", "left"),
    ("run", "ran", "run"),
    ("sit", "sat", "sat"),
    ("stand", "stood", "stood"),
    ("lie", "lay", "lain"),
    ("lay", "laid", "laid"),
    ("put", "put", "put"),
    ("cut", "cut", "cut"),
    ("hit", "hit", "hit"),
    ("let", "let", "let"),
    ("quit", "quit", "quit"),
    ("set", "set", "set"),
    ("read", "read", "read"),
    ("throw", "threw", "thrown"),
    ("grow", "grew", "grown"),
    ("bring", "brought", "brought"),
    ("buy", "bought", "bought"),
    ("catch", "caught", "caught"),
    ("swell", "swelled", "swollen"),
    ("bleed", "bled", "bled"),
    ("bend", "bent", "bent"),
    ("bite", "bit", "bitten"),
    ("become", "became", "become"),
    ("choose", "chose", "chosen"),
    ("drive", "drove", "driven"),
    ("fly", "flew", "flown"),
    ("forget", "forgot", "forgotten"),
    ("hold", "held", "held"),
    ("mean", "meant", "meant"),
    ("meet", "met", "met"),
    ("pay", "paid", "paid"),
    ("sweat", "sweat", "sweat"),
    ("send", "sent", "sent"),
    ("shake", "shook", "shaken"),
    ("show", "showed", "shown"),
    ("slip", "slipped", "slipped"),
    ("speak", "spoke", "spoken"),
    ("spend", "spent", "spent"),
    ("stick", "stuck", "stuck"),
    ("stop", "stopped", "stopped"),
    ("teach", "taught", "taught"),
    ("twist", "twisted", "twisted"),
    ("wear", "wore", "worn"),
    ("write", "wrote", "written"),
    ("understand", "understood", "understood"),
    ("start", "started", "started"),
    ("try", "tried", "tried"),
    ("plan", "planned", "planned"),
    ("trip", "tripped", "tripped"),
    ("vomit", "vomited", "vomited"),
    ("spit", "spat", "spat"),
    ("burn", "burned", "burned"),
    ("deal", "dealt", "dealt"),
];

/// Verbs that people and doctors use in the present tense, in their base form.
const BASE: Words = Words(
    "need want like love use live work smoke walk exercise try notice experience suffer wonder worry hope believe guess suppose \
     remember look seem appear sound watch check monitor measure avoid cook travel play swim lift carry move turn stretch cough wheeze \
     sneeze vomit ache limp snore pee urinate continue stay follow call ask answer agree understand prefer enjoy hate start stop finish \
     help talk visit struggle manage drink chew vape breathe weigh inject apply miss skip refuse deny report describe recommend suspect \
     appreciate expect wish tend plan intend require care attend study teach consume present complain return rest ride wash clean \
     garden lean rely add control keep push pull",
);

const MODAL: Words = Words("can could will would should shall may might must cannot");

const ADVERB: Words = Words(
    "really just also still usually never always actually sometimes only already even probably definitely generally mostly often \
     currently recently basically occasionally rarely kind sort of ever now then typically normally certainly first finally both all \
     maybe almost not quite pretty mainly simply regularly obviously honestly literally apparently eventually initially immediately \
     suddenly barely hardly constantly frequently clearly kinda do",
);

/// True for words that stand between a subject and its verb.
pub fn is_adverb(word: &str) -> bool {
    ADVERB.contains(word)
}

/// True for `can`, `will` and the like, which take no ending.
pub fn is_modal(word: &str) -> bool {
    MODAL.contains(word)
}

/// True for a verb in its base form.
pub fn is_base(word: &str) -> bool {
    BASE.contains(word) || IRREGULAR.iter().any(|(b, p, _)| *b == word && b != p)
}

/// True for a past form that cannot be a present one.
pub fn is_past(word: &str) -> bool {
    (word.len() > 4 && word.ends_with("ed") && !matches!(word, "need" | "bleed" | "speed" | "exceed"))
        || IRREGULAR.iter().any(|(_, p, _)| *p == word)
}

/// True for a participle (`been`, `noticed`).
pub fn is_participle(word: &str) -> bool {
    (word.len() > 4 && word.ends_with("ed") && word != "need") || IRREGULAR.iter().any(|(_, _, p)| *p == word)
}

/// `take` -> `takes`, `am` -> `is`. Words that take no ending come back as they are.
pub fn third(word: &str) -> String {
    match word {
        "am" | "are" => "is".into(),
        "were" => "was".into(),
        "have" => "has".into(),
        "do" => "does".into(),
        "go" => "goes".into(),
        _ if is_modal(word) || is_past(word) || !is_base(word) => word.into(),
        _ => ending(word),
    }
}

/// The present form after `does` falls away: here `hurt` and `put` are present for certain.
pub fn present(word: &str) -> String {
    if matches!(word, "hurt" | "put" | "cut" | "hit" | "let" | "quit" | "set" | "read") { ending(word) } else { third(word) }
}

fn ending(word: &str) -> String {
    match word {
        _ if word.ends_with('y') && !word.ends_with("ay") && !word.ends_with("oy") && !word.ends_with("ey") && !word.ends_with("uy") => {
            format!("{}ies", &word[..word.len() - 1])
        }
        _ if word.ends_with('s') || word.ends_with("sh") || word.ends_with("ch") || word.ends_with('x') || word.ends_with('z') => {
            format!("{word}es")
        }
        _ => format!("{word}s"),
    }
}

/// `fall` -> `fell`, `notice` -> `noticed`. `None` for a word that is not known as a verb.
pub fn past(word: &str) -> Option<String> {
    if let Some((_, past, _)) = IRREGULAR.iter().find(|(b, _, _)| *b == word) {
        return Some((*past).to_owned());
    }
    if !BASE.contains(word) {
        return None;
    }
    Some(if word.ends_with('e') {
        format!("{word}d")
    } else if word.ends_with('y') && !word.ends_with("ay") && !word.ends_with("oy") && !word.ends_with("ey") {
        format!("{}ied", &word[..word.len() - 1])
    } else {
        format!("{word}ed")
    })
}

/// The base form of an irregular verb form; any other word as it is.
pub fn base(word: &str) -> &str {
    match word {
        "am" | "is" | "are" | "were" => "be",
        "has" => "have",
        "does" => "do",
        _ => IRREGULAR.iter().find(|(b, p, x)| word == *b || word == *p || word == *x).map_or(word, |v| v.0),
    }
}

/// A crude common form of an English word: `falls`, `fell`, `falling` -> `fall`.
pub fn stem(word: &str) -> String {
    let word = base(word.strip_suffix("'s").unwrap_or(word));
    for ending in ["ies", "ied"] {
        if let Some(root) = word.strip_suffix(ending).filter(|r| r.len() > 2) {
            return format!("{root}y");
        }
    }
    for ending in ["ing", "ed", "es", "s", "e"] {
        if let Some(root) = word.strip_suffix(ending).filter(|r| r.len() > 2) {
            let bytes = root.as_bytes();
            let doubled = ending.len() > 1
                && bytes.len() > 3
                && bytes[bytes.len() - 1] == bytes[bytes.len() - 2]
                && root.is_ascii()
                && !root.ends_with("ss")
                && !root.ends_with("ll");
            let root = if doubled { &root[..root.len() - 1] } else { root };
            return root.strip_suffix('e').filter(|r| r.len() > 2).unwrap_or(root).to_owned();
        }
    }
    word.to_owned()
}

/// The words a contraction stands for; `next` decides between `is` and `has`, `would` and `had`. `None` when it is none.
pub fn expand(word: &str, next: &str) -> Option<Vec<String>> {
    let two = |a: &str, b: &str| Some(vec![a.to_owned(), b.to_owned()]);
    match word {
        "gonna" => return two("going", "to"),
        "wanna" => return two("want", "to"),
        "gotta" => return two("have", "to"),
        "kinda" => return two("kind", "of"),
        "sorta" => return two("sort", "of"),
        "lemme" => return two("let", "me"),
        "gimme" => return two("give", "me"),
        "cause" if next == "i" || next == "it" => return Some(vec!["because".into()]),
        "'cause" | "cuz" | "cos" => return Some(vec!["because".into()]),
        "can't" | "cannot" => return Some(vec!["can".into(), "not".into()]),
        "won't" => return two("will", "not"),
        "shan't" => return two("shall", "not"),
        "let's" => return two("let", "us"),
        "ya" | "y'all" => return Some(vec!["you".into()]),
        _ => {}
    }
    if let Some(stem) = word.strip_suffix("n't") {
        return two(stem, "not");
    }
    let (stem, tail) = word.split_once('\'')?;
    match tail {
        "m" if stem == "i" => two("i", "am"),
        "re" => two(stem, "are"),
        "ve" => two(stem, "have"),
        "ll" => two(stem, "will"),
        "d" => two(stem, if is_participle(next) && next != "like" || next == "better" { "had" } else { "would" }),
        "s" if matches!(
            stem,
            "it" | "that" | "there" | "he" | "she" | "what" | "how" | "where" | "who" | "here" | "when" | "everything" | "this" | "pain"
        ) =>
        {
            two(stem, if matches!(next, "been" | "had" | "got" | "gotten" | "gone" | "become" | "started") { "has" } else { "is" })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn present_verbs_take_an_ending_and_past_ones_do_not() {
        for (base, third_person) in [
            ("take", "takes"),
            ("try", "tries"),
            ("watch", "watches"),
            ("have", "has"),
            ("am", "is"),
            ("took", "took"),
            ("will", "will"),
            ("noticed", "noticed"),
            ("ibuprofen", "ibuprofen"),
        ] {
            assert_eq!(third(base), third_person);
        }
    }

    #[test]
    fn past_forms_are_known_or_refused() {
        assert_eq!(past("fall").as_deref(), Some("fell"));
        assert_eq!(past("notice").as_deref(), Some("noticed"));
        assert_eq!(past("table"), None);
    }

    #[test]
    fn contractions_follow_the_next_word() {
        assert_eq!(expand("it's", "been").unwrap(), ["it", "has"]);
        assert_eq!(expand("it's", "sore").unwrap(), ["it", "is"]);
        assert_eq!(expand("i'd", "like").unwrap(), ["i", "would"]);
        assert_eq!(expand("don't", "").unwrap(), ["do", "not"]);
        assert_eq!(expand("patient's", "pain"), None);
    }
}
