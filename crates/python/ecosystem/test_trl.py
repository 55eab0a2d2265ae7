"""TRL's GRPOTrainer itself trains a tiny random model with our rewards: nothing is downloaded, nothing of theirs is replaced."""

import os
import sys
import tempfile
import unittest

os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", TOKENIZERS_PARALLELISM="false", WANDB_DISABLED="true")

import torch
from datasets import Dataset
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM
from trl import GRPOConfig, GRPOTrainer

from chronotope.trl import reward

# a reply of two of these words answers once now and then
WORDS = ["<pad>", "<eos>", "which", "is", "left", "?", "well", "<answer>A</answer>", "<answer>B</answer>"]


def tokenizer():
    words = Tokenizer(models.WordLevel({word: i for i, word in enumerate(WORDS)}, unk_token="?"))
    words.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return PreTrainedTokenizerFast(tokenizer_object=words, pad_token="<pad>", eos_token="<eos>", padding_side="left")


def model():
    torch.manual_seed(0)
    config = Qwen2Config(
        vocab_size=len(WORDS), hidden_size=16, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2,
        num_key_value_heads=2, max_position_embeddings=64, eos_token_id=1, pad_token_id=0, bos_token_id=None,
    )
    return Qwen2ForCausalLM(config)


class Trains(unittest.TestCase):
    def test_a_random_model_learns_the_answer_with_two_lines_of_ours(self):
        rows = [{"prompt": "which is left ?", "answer": "A", "problem_type": "multiple choice"}] * 64
        with tempfile.TemporaryDirectory() as folder:
            trainer = GRPOTrainer(
                model(),
                reward_funcs=[reward("accuracy"), reward("format")],
                train_dataset=Dataset.from_list(rows),
                processing_class=tokenizer(),
                args=GRPOConfig(
                    output_dir=folder, per_device_train_batch_size=16, num_generations=8, max_completion_length=2, max_steps=20,
                    learning_rate=0.05, logging_steps=1, report_to=[], use_cpu=True, save_strategy="no", seed=0, bf16=False,
                    disable_tqdm=True,
                ),
            )
            trainer.train()
            logs = [row for row in trainer.state.log_history if "reward" in row]
        right = [row["rewards/chronotope_accuracy/mean"] for row in logs]
        print("share of right answers, step by step:", right, file=sys.stderr)
        self.assertEqual(len(right), 20)
        self.assertIn("rewards/chronotope_format/mean", logs[0])
        self.assertGreater(sum(right[-5:]), sum(right[:5]) + 1)


if __name__ == "__main__":
    unittest.main()
