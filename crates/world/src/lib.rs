//! What is: time, spans, reference frames, poses, cameras, shapes, entities, tracks, events, facts, evidence, values.
