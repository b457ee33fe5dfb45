#+ title: Note which graph is changed
#+ description: What is cut off in the middle can be found by it.
INSERT {
  GRAPH <https://w3id.org/infrashare/graph/engine> {
    <https://w3id.org/infrashare/graph/engine> <https://w3id.org/infrashare/graph/engine#touched> $graph
  }
} WHERE {
  GRAPH <https://w3id.org/infrashare/graph/engine> { <https://w3id.org/infrashare/graph/engine> <https://w3id.org/infrashare/graph/engine#writer> $writer }
}
