//! Regorus: Rego compiled for its virtual machine, which is kept warm, and its interpreter.

use std::sync::Arc;

use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{CompiledPolicy, Engine, Value};

use crate::cases::Reasons;

pub struct Rego {
    compiled: CompiledPolicy,
    machine: RegoVM,
}

impl Rego {
    /// The policy of this text, whose package has the rule `reasons`.
    pub fn new(name: &str, text: &str) -> Self {
        let entry = format!("data.{name}.reasons");
        let mut engine = Engine::new();
        engine
            .add_policy(format!("{name}.rego"), text.to_owned())
            .expect("a policy that parses");
        let rule: Arc<str> = entry.as_str().into();
        let compiled = engine
            .compile_with_entrypoint(&rule)
            .expect("a policy that compiles");
        let program = Compiler::compile_from_policy(&compiled, &[entry.as_str()])
            .expect("a policy that compiles for the machine");
        let mut machine = RegoVM::new();
        // Long histories go over its default.
        machine.set_max_instructions(usize::MAX);
        machine.load_program(program);
        Self { compiled, machine }
    }

    pub fn input(value: &serde_json::Value) -> Value {
        Value::from_json_str(&value.to_string()).expect("an input")
    }

    /// On the virtual machine.
    pub fn run(&mut self, input: &Value) -> Value {
        self.machine.set_input(input.clone());
        self.machine.execute().expect("an answer")
    }

    /// By the interpreter.
    pub fn interpret(&self, input: &Value) -> Value {
        self.compiled
            .eval_with_input(input.clone())
            .expect("an answer")
    }

    pub fn reasons(answer: &Value) -> Reasons {
        match answer {
            Value::Undefined => Reasons::new(),
            set => set
                .as_set()
                .expect("a set")
                .iter()
                .map(|reason| reason.as_string().expect("a name").to_string())
                .collect(),
        }
    }
}
