//! Runs libFuzzer on `pipit_fuzz_targets::stored`: the text in the chat engine's storage.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| pipit_fuzz_targets::stored(data));
