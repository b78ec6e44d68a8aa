"""Bernard's search as a LangChain retriever, for other people's chains."""

from __future__ import annotations

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from assistant.search.model import Filters
from assistant.search.searcher import Searcher


class BernardRetriever(BaseRetriever):
    """Returns passages as LangChain documents; metadata holds every other field of the outside contract."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    searcher: Searcher
    limit: int = 10
    filters: Filters | None = None

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[LangChainDocument]:
        result = self.searcher.search(query, limit=self.limit, filters=self.filters)
        return [
            LangChainDocument(
                id=passage.passage_id, page_content=passage.text, metadata=passage.model_dump(mode="json", exclude={"text"})
            )
            for passage in result.passages
        ]
