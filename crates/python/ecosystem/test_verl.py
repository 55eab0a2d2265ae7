"""verl's own reward manager over a batch of verl's own protocol calls our `compute_score`."""

import os
import unittest

os.environ.update(HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false")

import numpy as np
import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast
from verl import DataProto
from verl.workers.reward_manager.naive import NaiveRewardManager

from chronotope.verl import compute_score

WORDS = ["<pad>", "<eos>", "which", "?", "<answer>4</answer>", "<answer>9</answer>"]


class Manager(unittest.TestCase):
    def test_the_naive_manager_puts_our_scores_on_the_last_token(self):
        words = Tokenizer(models.WordLevel({word: i for i, word in enumerate(WORDS)}, unk_token="?"))
        words.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
        tokenizer = PreTrainedTokenizerFast(tokenizer_object=words, pad_token="<pad>", eos_token="<eos>")
        replies = torch.tensor([[4, 1], [5, 1]])
        prompts = torch.tensor([[2, 3], [2, 3]])
        whole = torch.ones(2, 4, dtype=torch.long)
        batch = DataProto.from_dict(
            tensors={"prompts": prompts, "responses": replies, "attention_mask": whole},
            non_tensors={
                "reward_model": np.array([{"ground_truth": "4"}] * 2, dtype=object),
                "data_source": np.array(["vsi"] * 2, dtype=object),
                "extra_info": np.array([{"problem_type": "numerical"}] * 2, dtype=object),
            },
        )
        manager = NaiveRewardManager(tokenizer=tokenizer, num_examine=0, compute_score=compute_score)
        self.assertEqual(manager(batch).tolist(), [[0.0, 1.0], [0.0, 0.0]])


if __name__ == "__main__":
    unittest.main()
