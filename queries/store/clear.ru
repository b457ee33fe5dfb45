#+ title: Remove all values of a property of a thing
#+ description: For values that the server gives back in another form than it keeps. Does nothing where somebody else writes by now.
DELETE {
  GRAPH $graph { $subject $property ?value }
} WHERE {
  GRAPH <https://w3id.org/infrashare/graph/engine> { <https://w3id.org/infrashare/graph/engine> <https://w3id.org/infrashare/graph/engine#writer> $writer }
  GRAPH $graph { $subject $property ?value }
}
