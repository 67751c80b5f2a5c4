//! Runs libFuzzer on `pipit_fuzz_targets::engine`: sequences of inputs of the chat engine.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| pipit_fuzz_targets::engine(data));
