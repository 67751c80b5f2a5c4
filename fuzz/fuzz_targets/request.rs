//! Runs libFuzzer on `pipit_fuzz_targets::request`: requests of both APIs.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| pipit_fuzz_targets::request(data));
