//! Runs libFuzzer on `pipit_fuzz_targets::tolerant_json`: answers of the chat server that are not valid JSON.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| pipit_fuzz_targets::tolerant_json(data));
