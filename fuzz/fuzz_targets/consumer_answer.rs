//! Runs libFuzzer on `pipit_fuzz_targets::consumer_answer`: the server's answers in the consumer API.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| pipit_fuzz_targets::consumer_answer(data));
