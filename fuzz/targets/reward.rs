#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| chronotope_fuzz::rewards::any(bytes));
