//! Runs libFuzzer on `pipit_fuzz_targets::tab`: two browser tabs that share a conversation.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| pipit_fuzz_targets::tab(data));
