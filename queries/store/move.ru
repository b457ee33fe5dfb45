#+ title: Show what was loaded beside
#+ description: Copies the statements of a graph that was loaded beside into its place. Does nothing where somebody else writes by now.
INSERT {
  GRAPH $graph { ?subject ?property ?value }
} WHERE {
  GRAPH <https://w3id.org/infrashare/graph/engine> { <https://w3id.org/infrashare/graph/engine> <https://w3id.org/infrashare/graph/engine#writer> $writer }
  GRAPH $staged { ?subject ?property ?value }
}
