use scribe::transcribe::*;
use std::time::Instant;
fn main() {
    let f = std::env::args().nth(1).unwrap_or_default();
    let o = Options::default();
    let t = Instant::now();
    let mut r = o.load_recogniser().unwrap_or_else(|e| panic!("{e}"));
    println!("load {:?}", t.elapsed());
    let s = scribe::audio::read_mono(std::path::Path::new(&f), 3600).unwrap_or_else(|e| panic!("{e}"));
    let t = Instant::now();
    let mut vad = o.load_vad().unwrap_or_else(|e| panic!("{e}"));
    println!("vad load {:?}", t.elapsed());
    let t = Instant::now();
    let p = vad.probabilities(&s).unwrap_or_default();
    println!("vad {:?} for {} s", t.elapsed(), p.len() as f64 * 0.032);
    for n in [5, 25] {
        let part = &s[..(n * 16000).min(s.len())];
        for _ in 0..3 {
            let t = Instant::now();
            let p = r.recognise(part, "en").unwrap_or_default();
            println!("{n} s: {:?} {} words", t.elapsed(), p.iter().map(|p| p.words.len()).sum::<usize>());
        }
    }
}
