//! Runs libFuzzer on `pipit_fuzz_targets::untrusted_text`: texts and names from outside.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| pipit_fuzz_targets::untrusted_text(data));
