// To be imported first: what is loaded after it is stored.
import { keepCompiled } from './keep-compiled.ts';

keepCompiled('serve');
