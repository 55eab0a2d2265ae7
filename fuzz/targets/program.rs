#![no_main]

chronotope_fuzz::target!("program");
