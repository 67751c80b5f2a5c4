#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| pipit_fuzzed::agent_answer(data));
