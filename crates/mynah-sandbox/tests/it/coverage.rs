//! Nothing is offered that nothing proves.
