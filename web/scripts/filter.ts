// Pages with long lists: fields that filter them.
import { filters } from "./parts/filter";

filters();
