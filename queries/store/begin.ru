#+ title: Begin to write
#+ description: Takes the pen from whoever held it: updates of theirs that arrive late do nothing any more.
DELETE WHERE {
  GRAPH <https://w3id.org/infrashare/graph/engine> {
    <https://w3id.org/infrashare/graph/engine> <https://w3id.org/infrashare/graph/engine#writer> ?other
  }
} ;
INSERT DATA {
  GRAPH <https://w3id.org/infrashare/graph/engine> { <https://w3id.org/infrashare/graph/engine> <https://w3id.org/infrashare/graph/engine#writer> $writer }
}
