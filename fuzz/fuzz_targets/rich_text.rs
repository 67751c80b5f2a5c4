//! Runs libFuzzer on `pipit_fuzz_targets::rich_text`: HTML and links in messages of agents.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| pipit_fuzz_targets::rich_text(data));
