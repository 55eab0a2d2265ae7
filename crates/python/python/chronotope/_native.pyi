from os import PathLike
from typing import Any, Callable, Mapping, Optional, Sequence, Union

import numpy as np
from numpy.typing import NDArray

Source = Union[str, "PathLike[str]"]

class Error(ValueError): ...

class Answer:
    @property
    def status(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def value(self) -> Any: ...
    @property
    def kind(self) -> str: ...
    @property
    def unit(self) -> Optional[str]: ...
    @property
    def bounds(self) -> Optional[tuple[Any, Any]]: ...
    @property
    def choice(self) -> Optional[str]: ...
    @property
    def confidence(self) -> Optional[float]: ...
    @property
    def program(self) -> str: ...
    @property
    def understood(self) -> Optional[str]: ...
    @property
    def nearest(self) -> list[str]: ...
    @property
    def evidence(self) -> list[dict[str, Any]]: ...
    @property
    def missing(self) -> list[dict[str, Any]]: ...
    def json(self) -> dict[str, Any]: ...
    def __bool__(self) -> bool: ...

class World:
    @staticmethod
    def parse(text: str) -> World: ...
    @staticmethod
    def story(text: str, *, steps: bool = False, closed: bool = False, name: str = "story") -> World: ...
    @staticmethod
    def from_samples(
        columns: Any,
        *,
        labels: Optional[Mapping[int, str]] = None,
        names: Optional[Mapping[int, str]] = None,
        unit: str = "m",
        tolerance_s: Optional[float] = None,
        complete: bool = True,
        start_s: Optional[float] = None,
        end_s: Optional[float] = None,
        picture_px: Optional[tuple[int, int]] = None,
        name: str = "record",
    ) -> World: ...
    @staticmethod
    def join(worlds: Sequence[World]) -> World: ...
    @property
    def name(self) -> str: ...
    @property
    def revision(self) -> int: ...
    @property
    def span_s(self) -> Optional[tuple[float, float]]: ...
    @property
    def entities(self) -> list[dict[str, Any]]: ...
    def seen(self, *, as_of: Optional[int] = None, asked_at: Optional[float] = None) -> World: ...
    def ask(self, question: str, options: Optional[Sequence[str]] = None) -> Answer: ...
    def ask_all(self, questions: Sequence[str]) -> list[Answer]: ...
    def run(self, program: str) -> Answer: ...
    def replay(self, answer: Mapping[str, Any]) -> list[str]: ...
    def samples(
        self, *, track: Optional[int] = None, start_s: Optional[float] = None, end_s: Optional[float] = None
    ) -> dict[str, NDArray[Any]]: ...
    def text(self) -> str: ...
    def save(self, path: Source) -> None: ...
    def export(
        self, format: str, path: Source, *, observer: Optional[int] = None, entity: Optional[int] = None
    ) -> None: ...

class Metric:
    def __init__(
        self,
        name: str,
        *,
        seed: Optional[int] = None,
        judge: Optional[Callable[[str, Optional[str], str, str], Union[float, bool, None]]] = None,
    ) -> None: ...
    def add(self, truth: Any, prediction: Any, *, id: Optional[str] = None, group: str = "all") -> Optional[float]: ...
    def result(self) -> dict[str, Any]: ...

def open_all(
    source: Source,
    *,
    scene: Optional[str] = None,
    fps: Optional[float] = None,
    picture_px: Optional[tuple[int, int]] = None,
    tolerance_s: Optional[float] = None,
    unknown_scale: bool = False,
) -> tuple[list[World], list[str]]: ...
def catalogue(kind: str) -> list[dict[str, Any]]: ...
def evaluate(
    benchmark: str,
    data: Source,
    *,
    strategy: str = "exact",
    limit: Optional[int] = None,
    noise: Optional[str] = None,
    seed: int = 0,
    out: Optional[Source] = None,
) -> dict[str, Any]: ...
def score_files(
    metric: str,
    truth: Source,
    prediction: Source,
    *,
    by: Optional[str] = None,
    id: Optional[Sequence[str]] = None,
    seed: Optional[int] = 0,
    judge: Optional[Source] = None,
    out: Optional[Source] = None,
) -> dict[str, Any]: ...
def encode_mask(pixels: NDArray[Any]) -> dict[str, Any]: ...
def decode_mask(coco: Mapping[str, Any]) -> NDArray[np.uint8]: ...
def rewards(
    rule: str,
    completions: Sequence[Any],
    answers: Optional[Sequence[Any]] = None,
    *,
    problem_types: Optional[Sequence[Optional[str]]] = None,
    contexts: Optional[Sequence[Mapping[str, Any]]] = None,
    groups: Optional[Sequence[Any]] = None,
    context: Optional[Mapping[str, Any]] = None,
) -> NDArray[np.float64]: ...
def reward_rows(
    rule: str,
    rows: Sequence[Mapping[str, Any]],
    *,
    group_by: Optional[str] = None,
    context: Optional[Mapping[str, Any]] = None,
) -> list[dict[str, Any]]: ...
def advantages(
    method: str,
    rewards: Sequence[float],
    groups: Sequence[Any],
    *,
    tasks: Optional[Sequence[str]] = None,
    greedy: Optional[Sequence[float]] = None,
    masked: Optional[Sequence[bool]] = None,
    epsilon: Optional[float] = None,
    lone: bool = False,
) -> NDArray[np.float64]: ...
def advantage_methods() -> list[dict[str, str]]: ...
