#![no_main]

libfuzzer_sys::fuzz_target!(init: chronotope_fuzz::write_seeds_if_asked("reward"), |bytes: &[u8]| chronotope_fuzz::rewards::any(bytes));
