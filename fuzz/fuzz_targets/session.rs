//! Runs libFuzzer on `pipit_fuzz_targets::session`: the sessions with which a chat is started.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| pipit_fuzz_targets::session(data));
