"""One tree of settings: built-in defaults, then bernard.toml, then environment variables (prefix BERNARD_, nested with __).

Each default carries its reason or the measurement behind it. Knows nothing of what the settings are used for.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from pydantic_settings import SettingsError as UnreadableSource

from assistant.errors import SettingsError
from assistant.hiding import without_secrets

BUILT_IN_MODEL = "all-MiniLM-L6-v2"
Weight = Annotated[float, Field(ge=0, le=10)]


class Section(BaseModel):
    """A branch of the settings tree; unknown keys are refused so that a misspelt setting never goes unnoticed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class EmbeddingSettings(Section):
    """How text becomes vectors."""

    model: str = Field(BUILT_IN_MODEL, description="Built-in model, or any sentence-transformers model name or folder.")
    runtime: Literal["auto", "openvino", "torch"] = Field(
        "auto", description="auto: OpenVINO for the built-in model (four times PyTorch's speed on two cores), else PyTorch."
    )
    threads: int = Field(0, ge=0, le=256, description="Processor threads; 0 uses every core.")


class ChromaSettings(Section):
    """Where vectors are kept."""

    url: str = Field(
        "", description="Address of a Chroma server, such as http://chroma:8000; empty keeps vectors in data_dir."
    )
    token: SecretStr = Field(SecretStr(""), description="Bearer token sent to the Chroma server.")
    collection: str = Field(
        "bernard",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{1,100}$",
        description="Prefix of collection names; indexes that share a Chroma server need one each.",
    )


class ReadingSettings(Section):
    """How files are read; each is read in a process of its own kind, so that a fault costs one file."""

    workers: int = Field(0, ge=0, le=64, description="Processes that read files; 0 takes one a core, four at most.")
    seconds: float = Field(
        45.0, ge=1, le=3600, description="Longest time for one file; a PDF has twenty times as long when `ocr` is on."
    )
    memory_mib: int = Field(
        1024, ge=256, le=65536, description="Most memory for one reading process; the worst real file seen takes 400."
    )
    max_file_mib: int = Field(200, ge=1, le=4096, description="Largest file that is opened.")
    ocr: bool = Field(
        False, description="Recognise the text of scanned pages with Tesseract (extra `ocr`); slow: seconds a page."
    )
    ocr_languages: str = Field(
        "eng", pattern=r"^[a-z_A-Z]+(\+[a-z_A-Z]+)*$", description="Tesseract's names of the languages to recognise."
    )


class FetchSettings(Section):
    """How guidance is fetched from GOV.UK and other publishers."""

    per_second: float = Field(
        5.0,
        ge=0.01,
        le=1000,
        description="Most requests a second to one publisher. GOV.UK allows 10 from one address: more than 10 counts only "
        "where the publisher's address is a server on this machine or in a private network.",
    )
    timeout: float = Field(20.0, ge=1, le=300, description="Seconds to wait for a reply.")
    attempts: int = Field(5, ge=1, le=20, description="Tries of one request before it counts as failed.")
    max_wait: float = Field(120.0, ge=1, le=3600, description="Longest wait before a further try, also when asked for more.")
    contact: str = Field("", description="E-mail or address sent with each request, so that the publisher can reach you.")
    govuk_url: str = Field("https://www.gov.uk", description="Where GOV.UK's Content and Search APIs are.")
    legislation_url: str = Field("https://www.legislation.gov.uk", description="Where legislation is.")


class RecordsSettings(Section):
    """What is kept of the answers given."""

    days: int = Field(
        90,
        ge=0,
        le=3650,
        description="Days to keep answers with the passages they rest on, so that `bernard update` can say which of them "
        "no longer hold, and conversations after their last change; 0 records nothing more, and leaves what is kept to "
        "`bernard records delete --all`.",
    )
    url: SecretStr = Field(
        SecretStr(""),
        description="PostgreSQL database for the records, such as postgresql://bernard:PASSWORD@db/bernard (extra "
        "`postgres`); empty keeps them in a file in data_dir.",
    )


class UploadSettings(Section):
    """Documents that people bring to a conversation; there are none where `records.days` is 0."""

    allowed: bool = Field(True, description="Whether people may add documents of their own to a conversation.")
    formats: str = Field(
        "",
        pattern=r"^(\.[A-Za-z0-9]+( +|$))*$",
        description="Suffixes of the files that may be added, such as `.pdf .docx`; empty allows every format that is read.",
    )
    max_file_mib: int = Field(20, ge=1, le=200, description="Largest file.")
    max_files: int = Field(10, ge=1, le=100, description="Most files in one conversation.")
    max_total_mib: int = Field(60, ge=1, le=2000, description="Most that the files of one conversation may have together.")
    max_user_files: int = Field(
        100,
        ge=1,
        le=100_000,
        description="Most files in all conversations of one user; ten full conversations have as many.",
    )
    max_user_mib: int = Field(
        200,
        ge=1,
        le=1_000_000,
        description="Most that is kept of the files of one user; a long book takes some 4 MiB.",
    )
    max_server_files: int = Field(5000, ge=1, le=10_000_000, description="Most files of all users together.")
    max_server_mib: int = Field(
        10_240,
        ge=1,
        le=100_000_000,
        description="Most that is kept of the files of all users together, on this machine's disk.",
    )
    max_words: int = Field(150_000, ge=1000, le=2_000_000, description="Most words of one file; a long book has as many.")
    hours: int = Field(
        72,
        ge=1,
        le=8760,
        description="Hours until an added file is deleted; one added on Friday is there on Monday.",
    )


class ConsultationSettings(Section):
    """Consultations that are worked on in the browser."""

    max_user_mib: int = Field(
        2000,
        ge=1,
        le=1_000_000,
        description="Most that is kept of the consultations of one user; 10,000 responses take some 60 MiB.",
    )
    max_server_mib: int = Field(
        20_480,
        ge=1,
        le=100_000_000,
        description="Most that is kept of the consultations of all users together, on this machine's disk.",
    )


class PassageSettings(Section):
    """How documents are split; changing these makes the index stale."""

    target_words: int = Field(
        60, ge=10, le=400, description="Words after which a passage is closed; see docs/benchmarks.md."
    )
    max_words: int = Field(150, ge=20, le=1000, description="Longest passage; fits the model's 256 word pieces.")


class SearchSettings(Section):
    """How passages are found and ranked."""

    candidates: int = Field(200, ge=10, le=2000, description="Passages taken from each of the two searches before fusing.")
    dense_weight: Weight = Field(1.0, description="Weight of the search by meaning when the two searches are fused.")
    bm25_weight: Weight = Field(0.5, description="Weight of the search by terms; alone it finds less, fused it adds.")
    page_weight: Weight = Field(0.35, description="Share of a page's best passages' scores added to each of its passages.")
    document_type_weights: dict[str, Weight] = Field(
        default_factory=dict, description="Factor on the score of passages of a document type; unnamed types keep 1."
    )
    reranker: str = Field("", description="Name or folder of a sentence-transformers cross-encoder; empty switches it off.")
    rerank_top: int = Field(30, ge=1, le=200, description="Passages the reranker sees.")


class AnswerSettings(Section):
    """How an answer is drafted."""

    max_blocks: int = Field(6, ge=1, le=20, description="Most blocks quoted in one answer.")
    old_after_days: int = Field(
        1826, ge=30, le=36500, description="Guidance unchanged for longer carries a notice; five years."
    )


class GenerationSettings(Section):
    """How a language model is asked, where `model` names one."""

    base_url: str = Field(
        "", description="Address of the model's server, such as http://127.0.0.1:8000/v1; empty takes the provider's own."
    )
    api_key: SecretStr = Field(
        SecretStr(""), description="Key for the model; empty takes the provider's own variable, such as OPENAI_API_KEY."
    )
    api_version: str = Field("", description="Version of the interface; Azure OpenAI asks for one.")
    timeout: float = Field(
        30.0, ge=1, le=600, description="Longest wait, in seconds, for the model's next words; then the rest is quoted."
    )
    longest: float = Field(120.0, ge=1, le=3600, description="Seconds after which an answer being written is ended.")
    retries: int = Field(1, ge=0, le=10, description="Further tries when a request fails before the first word.")
    max_tokens: int = Field(700, ge=16, le=8192, description="Most tokens of a written answer; six sentences take 200.")
    context_tokens: int = Field(
        8192, ge=512, le=1_000_000, description="Tokens for prompt and answer; passages that do not fit are left out."
    )
    passages: int = Field(8, ge=1, le=12, description="Most passages given to the model; the best evidence is in the first.")
    temperature: float = Field(
        0.0, ge=-1, le=2, description="0 keeps to the likeliest words; -1 sends none, for models that refuse any."
    )
    price_read: float = Field(0.0, ge=0, description="Pounds for a million tokens that the model reads; 0 shows no cost.")
    price_written: float = Field(0.0, ge=0, description="Pounds for a million tokens that the model writes.")
    rewrites: bool = Field(
        True, description="The model also writes follow-ups as questions of their own; off, rules do, without waiting."
    )


class CheckingSettings(Section):
    """How the claims of a written answer are checked. Facts that differ always decide, whatever is set here."""

    model: str = Field(
        "", description="Name or folder of a cross-encoder or NLI model for a second opinion; empty switches it off."
    )
    weight: float = Field(0.5, ge=0, le=1, description="Share of that opinion in a claim's score.")


class WebSettings(Section):
    """Where the browser front end listens, and what it tells those who look after it."""

    host: str = Field(
        "127.0.0.1", description="Address to listen on; only this machine by default, and any other needs `sign_in.way`."
    )
    port: int = Field(7860, ge=0, le=65535, description="Port; 0 takes a free one.")
    public_url: str = Field(
        "",
        pattern=r"^$|^https?://[^/?#\s]+/?$",
        description="Address that users type, such as https://bernard.example.gov.uk, where it is not this machine's own.",
    )
    contact: str = Field(
        "",
        description="E-mail or address of whoever looks after Bernard, for the accessibility statement and privacy notice.",
    )
    trusted_proxies: str = Field(
        "127.0.0.1,::1",
        description="Addresses or networks of reverse proxies that are believed when they say where a request came from.",
    )
    metrics_token: SecretStr = Field(
        SecretStr(""), description="Bearer token that lets a Prometheus server read /metrics; administrators may without."
    )
    log_format: Literal["plain", "json"] = Field("plain", description="How lines of the log are written to standard error.")
    log_questions: bool = Field(
        False, description="Write questions into the log too; they may hold personal information, so it is off."
    )


class SignInSettings(Section):
    """Who may use Bernard where it serves more than this machine; see docs/serving.md."""

    way: Literal["", "passwords", "proxy", "openid"] = Field(
        "", description="How users sign in; empty: nobody does, and only this machine is served."
    )
    hours: float = Field(10.0, ge=0.1, le=720, description="Hours after which a user signs in again.")
    proxy_secret: SecretStr = Field(
        SecretStr(""), description="proxy: what the reverse proxy sends to prove itself; at least 32 characters."
    )
    proxy_secret_header: str = Field("X-Bernard-Proxy-Secret", description="proxy: the header that carries the secret.")
    proxy_user_header: str = Field("X-Forwarded-User", description="proxy: the header that carries the user's name.")
    proxy_role_header: str = Field(
        "", description="proxy: the header that carries roles or groups; empty: all are officials."
    )
    issuer: str = Field("", description="openid: address of the identity provider, as its tokens name it.")
    client_id: str = Field("", description="openid: the name under which the provider knows Bernard.")
    client_secret: SecretStr = Field(SecretStr(""), description="openid: the secret that the provider gave for it.")
    scopes: str = Field("openid profile email", description="openid: what is asked of the provider.")
    user_claim: str = Field("email", description="openid: the claim that names the user.")
    role_claim: str = Field("roles", description="openid: the claim that lists roles or groups.")
    officials: str = Field(
        "",
        description="proxy, openid: the role or group that lets its members use Bernard; empty: everyone who signs in may.",
    )
    evaluators: str = Field(
        "bernard-evaluator", description="proxy, openid: the role or group whose members are evaluators."
    )
    administrators: str = Field(
        "bernard-administrator", description="proxy, openid: the role or group whose members are administrators."
    )


class Settings(BaseSettings):
    """The whole tree."""

    model_config = SettingsConfigDict(
        env_prefix="BERNARD_",
        env_nested_delimiter="__",
        toml_file="bernard.toml",
        extra="forbid",
        frozen=True,
    )

    data_dir: Path = Field(Path("data"), description="Folder of the index and the records.")
    model: str = Field(
        "",
        pattern=r"^$|^[a-z_]+:\S.*$",
        description="Language model that writes answers, as provider:name, such as openai:gpt-4.1-mini; empty quotes the "
        "guidance and needs none. See docs/models.md.",
    )
    embedding: EmbeddingSettings = EmbeddingSettings()
    chroma: ChromaSettings = ChromaSettings()
    reading: ReadingSettings = ReadingSettings()
    fetch: FetchSettings = FetchSettings()
    records: RecordsSettings = RecordsSettings()
    uploads: UploadSettings = UploadSettings()
    consultations: ConsultationSettings = ConsultationSettings()
    passages: PassageSettings = PassageSettings()
    search: SearchSettings = SearchSettings()
    answer: AnswerSettings = AnswerSettings()
    checking: CheckingSettings = CheckingSettings()
    generation: GenerationSettings = GenerationSettings()
    web: WebSettings = WebSettings()
    sign_in: SignInSettings = SignInSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments win over the environment, the environment over bernard.toml."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def fetched_dir(self) -> Path:
        """Folder of what was fetched, with one folder for each publisher."""
        return self.data_dir / "fetched"

    @property
    def uploads_dir(self) -> Path:
        """Folder of what people added to their conversations."""
        return self.data_dir / "own"

    @property
    def index_dir(self) -> Path:
        """Folder of the manifest, the terms and, when embedded, the vectors."""
        return self.data_dir / "index"


def load_settings(**overrides: object) -> Settings:
    """Read the settings.

    Raises:
        SettingsError: A value is unknown or out of bounds; names each offending setting and where it can be set.
    """
    _refuse_unknown_variables()
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(str(part) for part in fault['loc']) or 'settings'}: {_words(fault['type'], fault['msg'])}"
            for fault in error.errors()
        )
        raise SettingsError(
            f"These settings cannot be used: {faults}. Put them right in bernard.toml or in the environment variables "
            "that start with BERNARD_; `bernard settings` lists every setting with its meaning."
        ) from None
    except UnreadableSource as error:
        raise SettingsError(
            f"An environment variable that starts with BERNARD_ cannot be read ({error}). A whole section or a table of "
            "weights is given as a JSON object; `bernard settings` says what each setting takes."
        ) from None
    except (OSError, ValueError) as error:
        raise SettingsError(f"bernard.toml cannot be read: {error}. Put it right or move it away.") from None


def _words(kind: str, message: str) -> str:
    return "there is no such setting" if kind == "extra_forbidden" else f"{message[0].lower()}{message[1:]}"


def _refuse_unknown_variables() -> None:
    """Variables whose first word is no branch of the tree, which pydantic-settings would pass over in silence."""
    for variable in sorted(os.environ):
        prefix, _, path = variable.upper().partition("_")
        branch = path.partition("__")[0].lower()
        if prefix == "BERNARD" and branch not in Settings.model_fields:
            known = ", ".join(f"BERNARD_{name.upper()}" for name in Settings.model_fields)
            raise SettingsError(
                f"The environment variable {variable} sets nothing: names start with one of {known}. Put its name right "
                "or unset it; `bernard settings` lists every setting with its meaning."
            )


@dataclass(frozen=True, slots=True)
class Setting:
    """One leaf of the settings tree, for people.

    Attributes:
        name: Path in bernard.toml, such as "web.port".
        environment: The environment variable that sets it, such as "BERNARD_WEB__PORT".
        value: What it is now; a secret that is set shows as asterisks, also within an address.
        default: What it is when nobody sets it.
        accepts: What may be given, such as "whole number, 0 to 65535".
        meaning: What it does.
    """

    name: str
    environment: str
    value: str
    default: str
    accepts: str
    meaning: str


def list_settings(settings: Settings) -> list[Setting]:
    """Every setting with its value and meaning, in the order of the tree."""
    return list(_leaves(settings, prefix=""))


def _leaves(branch: BaseModel, *, prefix: str) -> Iterator[Setting]:
    for name, field in type(branch).model_fields.items():
        value, default = getattr(branch, name), field.get_default(call_default_factory=True)
        if isinstance(value, Section):
            yield from _leaves(value, prefix=f"{prefix}{name}.")
        else:
            path = f"{prefix}{name}"
            environment = "BERNARD_" + path.replace(".", "__").upper()
            meaning = field.description or ""
            yield Setting(path, environment, _shown(value), _shown(default), _accepts(field), meaning)


def _shown(value: object) -> str:
    return "" if value == {} else without_secrets(str(value))


def _accepts(field: FieldInfo) -> str:
    """What a field takes, in words; its bounds are in the metadata that pydantic collects from `Field` and `Annotated`."""
    kind: Any = field.annotation
    if get_origin(kind) is Literal:
        return " or ".join(map(str, get_args(kind)))
    words = {int: "whole number", float: "number", Path: "folder", SecretStr: "secret", str: "text"}.get(kind, "JSON object")
    bounds = {name: getattr(rule, name) for rule in field.metadata for name in ("ge", "le") if hasattr(rule, name)}
    return f"{words}, {bounds['ge']} to {bounds['le']}" if len(bounds) == 2 else words
